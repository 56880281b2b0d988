"""Settle a claim file by a city's packs: pure calculation, no database (docs/algorithms/benefit.md)."""

from __future__ import annotations

import contextlib
import csv
import gc
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from bureau.kernel.errors import BusinessError
from bureau.policy.rules.packs import load_city
from claims.importing.adjudication_file import ClaimFile
from claims.importing.adjudication_results import Summary, settle_file
from claims.rules.compiled import RunYears, run_years

SHOWN = 20


class Command(BaseCommand):
    help = "按城市政策包计算一个费用文件（不使用数据库）。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--city", required=True)
        parser.add_argument("--claims", required=True, type=Path)
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--explain", type=Path)
        parser.add_argument("--rejects", type=Path)
        speed = parser.add_mutually_exclusive_group()
        speed.add_argument("--fast", action="store_true", help="编译后计算（结果相同）")
        speed.add_argument("--plain", action="store_true", help="不编译计算")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = self._run(**options)
        except BusinessError as error:
            raise CommandError(str(error)) from None
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"文件不能读写：{error}[file.unreadable]") from None
        if summary.rejects:
            for reject in summary.rejects[:SHOWN]:
                self.stderr.write(f"第 {reject.line} 行 {reject.claim_id} {reject.column}：{reject.reason}")
            raise CommandError(
                f"共 {summary.claims} 条，算出 {summary.computed} 条；{len(summary.rejects)} 处有误，"
                f"退回 {summary.refused} 条（{summary.refused_years} 个人年）。[claim.rejected]"
            )

    def _run(
        self, *, city: str, claims: Path, out: Path, explain: Path | None, rejects: Path | None, fast: bool, **_: Any
    ) -> Summary:
        rulebook = load_city(city)
        compiled = self._compiled() if fast else None
        with contextlib.ExitStack() as stack:
            stack.enter_context(_uncollected())
            source = stack.enter_context(claims.open(encoding="utf-8-sig", newline=""))
            # Read whole before anything is written: a file that is no claim file leaves no empty result behind.
            read = ClaimFile(rulebook, source)
            target = stack.enter_context(out.open("w", encoding="utf-8", newline=""))
            return settle_file(
                read, target, explain=_open(stack, explain), rejects=_open(stack, rejects), compiled=compiled
            )

    def _compiled(self) -> RunYears | None:
        """The compiled kernel, or a sentence why the plain one does the same more slowly."""
        try:
            return run_years(settings.KERNEL_CACHE)
        except BusinessError as error:
            self.stderr.write(f"{error}改为不编译计算，结果相同，只是较慢。")
            return None


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """No search for cycles: rows come by the million and hold none, and searching them takes a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _open(stack: contextlib.ExitStack, path: Path | None) -> TextIO | None:
    return None if path is None else stack.enter_context(path.open("w", encoding="utf-8", newline=""))

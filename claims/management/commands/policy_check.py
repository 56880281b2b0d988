"""Check packs: format, unique, complete, units, and every example to the fen; print what ends soon."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import labels, packs
from bureau.policy.rules.faults import Fault
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import examples


class Command(BaseCommand):
    help = "检查政策包：格式、唯一、完整、单位、例子，并列出即将到期的条款。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", nargs="?")
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天看到期，默认今天")

    def handle(self, *args: Any, city: str | None, on: date | None, **options: Any) -> None:
        names = [city] if city else packs.cities()
        day = on or timezone.localdate()
        failed = [] if self._check_vocabulary() else [labels.FILE.name]
        failed += [name for name in names if not self._check(name, day)]
        failed += [f"{name} 草案" for name in names if name in packs.drafted_cities() and not self._check_draft(name)]
        if failed:
            raise CommandError(f"政策包有误：{'、'.join(failed)}。[policy.check_failed]")

    def _check_vocabulary(self) -> bool:
        """The vocabulary file says what the closed sets in code say."""
        faults = list(labels.mismatches(labels.vocabulary()))
        for fault in faults:
            self.stderr.write(str(fault))
        return not faults

    def _check(self, city: str, on: date) -> bool:
        rulebook = self._load(city, drafts=False)
        if rulebook is None:
            return False
        faults = self._faults(rulebook)
        for row in rulebook.ending(on):
            self.stdout.write(f"{row.place}：“{row.name}”将于 {row.valid_until} 到期，尚无接续。")
        worked = len(rulebook.examples) + len(rulebook.rule_examples)
        self.stdout.write(
            f"{city}：{len(rulebook.documents)} 个文件，"
            f"{len(rulebook.rows)} 个取值（其中假定 {len(rulebook.assumed())} 个），"
            f"{len(rulebook.benefits)} 格，{worked} 个例子，指纹 {rulebook.sha256[:16]}"
        )
        return not faults

    def _check_draft(self, city: str) -> bool:
        """What would be in force were the drafts published; no calculation reads it."""
        rulebook = self._load(city, drafts=True)
        if rulebook is None:
            return False
        drafted = len(rulebook.documents) - len(packs.load_city(city).documents)
        self.stdout.write(f"{city} 草案：{drafted} 个文件，尚未发布，计算不理会。")
        return not self._faults(rulebook)

    def _load(self, city: str, *, drafts: bool) -> Rulebook | None:
        try:
            return packs.load_city(city, drafts=drafts)
        except BusinessError as error:
            self.stderr.write(str(error))
            return None

    def _faults(self, rulebook: Rulebook) -> list[Fault]:
        faults = examples.failing(rulebook)
        for fault in (*faults, *rulebook.warnings):
            self.stderr.write(str(fault))
        return faults

"""Check packs: format, unique, complete, units, and every example to the fen; print what ends soon."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs
from claims.rules import examples


class Command(BaseCommand):
    help = "检查政策包：格式、唯一、完整、单位、例子，并列出即将到期的条款。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", nargs="?")
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="按哪一天看到期，默认今天")

    def handle(self, *args: Any, city: str | None, on: date | None, **options: Any) -> None:
        failed = [
            name for name in ([city] if city else packs.cities()) if not self._check(name, on or timezone.localdate())
        ]
        if failed:
            raise CommandError(f"政策包有误：{'、'.join(failed)}。[policy.check_failed]")

    def _check(self, city: str, on: date) -> bool:
        try:
            rulebook = packs.load_city(city)
        except BusinessError as error:
            self.stderr.write(str(error))
            return False
        faults = examples.failing(rulebook)
        for fault in faults:
            self.stderr.write(str(fault))
        for row in rulebook.ending(on):
            self.stdout.write(f"{row.place}：“{row.name}”将于 {row.valid_until} 到期，尚无接续。")
        self.stdout.write(
            f"{city}：{len(rulebook.documents)} 个文件，"
            f"{len(rulebook.rows)} 个取值（其中假定 {len(rulebook.assumed())} 个），"
            f"{len(rulebook.benefits)} 格，{len(rulebook.examples)} 个例子，指纹 {rulebook.sha256[:16]}"
        )
        return not faults

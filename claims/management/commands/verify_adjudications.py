"""`manage.py verify_adjudications [--year Y] [--sample N|--all] [--json]`: stored adjudications computed once more."""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from claims.services import verification
from claims.terms import DiscrepancyKind


class Command(BaseCommand):
    help = "由所存事实和政策指纹重新计算所存的核算（各版本），不符的记为“核算不符”；有不符即报错。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="只核这一年度")
        extent = parser.add_mutually_exclusive_group()
        extent.add_argument("--sample", type=int, metavar="N", help="随机抽取 N 个人年")
        extent.add_argument("--all", action="store_true", help="全部人年（默认）")
        parser.add_argument("--json", action="store_true")

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        began = time.perf_counter()
        verified = verification.verify(year=options["year"], sample=options["sample"])
        taken = time.perf_counter() - began
        if options["json"]:
            said = {
                "person_years": verified.person_years,
                "adjudications": verified.adjudications,
                "findings": verified.findings,
                "seconds": round(taken, 2),
                "ok": verified.is_sound,
            }
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(
                f"重新计算 {verified.person_years} 个人年、{verified.adjudications} 个核算版本，用时 {taken:.1f} 秒。"
            )
        if not verified.is_sound:
            shown = "，".join(
                f"{DiscrepancyKind.label_of(kind)} {count} 处" for kind, count in verified.findings.items()
            )
            raise CommandError(f"所存的核算与重新计算不符：{shown}。[claims.discrepancy]")

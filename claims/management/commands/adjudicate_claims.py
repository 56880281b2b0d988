"""`manage.py adjudicate_claims [--by USER] [--json]`: adjudicate every person-year that waits."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from claims.selectors import claims
from claims.services import adjudication


class Command(BaseCommand):
    help = "核算所有待核算的人年；可与后台进程同时进行。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", default="")
        parser.add_argument("--json", action="store_true")

    @walls.as_system()
    def handle(self, *args: Any, by: str, **options: Any) -> None:
        clerk = staff_named(by)
        if by and clerk is None:
            raise CommandError(f"没有名为 {by} 的工作人员。[staff.unknown]")
        try:
            summary = adjudication.adjudicate_due(by=clerk)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        # What a worker has in hand is skipped above; it is finished when nothing waits.
        while claims.waiting_years():
            time.sleep(0.2)
            summary.add(adjudication.adjudicate_due(by=clerk))
        if options["json"]:
            self.stdout.write(json.dumps(asdict(summary)))
            return
        self.stdout.write(
            f"核算 {summary.person_years} 个人年、{summary.claims} 张单据，写入 {summary.written} 版，"
            f"差额 {summary.differences} 笔，不能核算 {summary.problems} 个人年。"
        )

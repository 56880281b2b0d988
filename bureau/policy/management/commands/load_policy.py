"""`manage.py load_policy CITY --by DRAFTER --check CHECKER`: the packs of the source tree become the law in force."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from bureau.policy.rules import packs
from bureau.policy.services import releases


class Command(BaseCommand):
    help = "把本城市的政策文件起草并发布为现行政策；起草与发布须为两人。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("city")
        parser.add_argument("--by", required=True, help="起草人")
        parser.add_argument("--check", required=True, help="复核发布人")
        parser.add_argument("--note", default="")

    @walls.as_system()
    def handle(self, *args: Any, city: str, by: str, check: str, note: str, **options: Any) -> None:
        drafter, checker = staff_named(by), staff_named(check)
        if drafter is None or checker is None:
            raise CommandError(f"没有名为 {by if drafter is None else check} 的工作人员。[staff.unknown]")
        try:
            draft = releases.draft(city=city, content=packs.pack_bytes(city), note=note, by=drafter)
            release = releases.publish(draft, by=checker)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{release}，指纹 {release.sha256[:12]}，现行。")

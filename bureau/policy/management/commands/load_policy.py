"""`manage.py load_policy CITY --by DRAFTER --check CHECKER`: the packs of the source tree become the law in force.

With `--drafts` the documents in `drafts/` come too, and the release stays a draft that goes the way of every other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from bureau.policy.rules import packs
from bureau.policy.services import releases

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class Command(BaseCommand):
    help = "把本城市的政策文件起草并发布为现行政策；起草与发布须为两人。加 --drafts 只形成草稿。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("city")
        parser.add_argument("--by", required=True, help="起草人")
        parser.add_argument("--check", help="复核发布人；只起草时不填")
        parser.add_argument("--drafts", action="store_true", help="连同 drafts/ 里的草案，只形成草稿")
        parser.add_argument("--note", default="")

    @walls.as_system()
    def handle(
        self, *args: Any, city: str, by: str, check: str | None, drafts: bool, note: str, **options: Any
    ) -> None:
        if drafts == bool(check):
            raise CommandError("发布须用 --check 指明复核发布人；用 --drafts 只起草，不指明。[policy.usage]")
        drafter = _named(by)
        checker = _named(check) if check else None
        try:
            release = releases.draft(city=city, content=packs.pack_bytes(city, drafts=drafts), note=note, by=drafter)
            if checker is not None:
                release = releases.enact(release, by=checker)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{release}，指纹 {release.sha256[:12]}，{'现行' if checker else '草稿'}。")


def _named(username: str) -> Staff:
    found = staff_named(username)
    if found is None:
        raise CommandError(f"没有名为 {username} 的工作人员。[staff.unknown]")
    return found

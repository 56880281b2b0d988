"""`manage.py set_aside_row BATCH LINE --reason … --by USER`: take a row in error out of the batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from relief.management.base import RosterCommand
from relief.services import rosters

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class Command(RosterCommand):
    help = "把名单里的一个异常行移出本批；该行所指的人保持原有身份。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=int)
        parser.add_argument("line", type=int)
        parser.add_argument("--reason", required=True)

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        entry = rosters.set_aside_row(batch_id=options["batch"], line=options["line"], reason=options["reason"], by=by)
        self.stdout.write(f"第 {entry.line} 行已移出本批：{entry.settled_reason}。")

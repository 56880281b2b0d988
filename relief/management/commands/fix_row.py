"""`manage.py fix_row BATCH LINE --id … | --name … | --category … --by USER`: correct a row in error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from relief.management.base import RosterCommand
from relief.services import rosters
from relief.terms import Verdict

if TYPE_CHECKING:
    from bureau.organization.models import Staff


class Command(RosterCommand):
    help = "改正名单里的一个异常行，并重新比对。"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("batch", type=int)
        parser.add_argument("line", type=int)
        parser.add_argument("--id", dest="id_number", help="身份证号")
        parser.add_argument("--name", help="姓名")
        parser.add_argument("--category", help="救助类别")

    def carry_out(self, *, by: Staff, **options: Any) -> None:
        entry = rosters.fix_row(
            batch_id=options["batch"],
            line=options["line"],
            id_number=options["id_number"],
            name=options["name"],
            category=options["category"],
            by=by,
        )
        self.stdout.write(f"第 {entry.line} 行已改正：{Verdict.label_of(entry.verdict)}。")

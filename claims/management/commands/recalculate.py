"""`manage.py recalculate --person ID_NUMBER|--batch BATCH|--policy RELEASE [--apply --by USER]`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.organization.selectors.staff import staff_named
from claims.services import recalculation
from enrollment.selectors import people
from relief.selectors import rosters


class Command(BaseCommand):
    help = "重算一个人、一批名单涉及的人或（换了政策后）所有人的待遇，列出差额；加 --apply 才写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--person", metavar="ID_NUMBER")
        whom.add_argument("--batch", type=int)
        whom.add_argument("--policy", metavar="RELEASE", help="现行政策的发布号")
        parser.add_argument("--apply", action="store_true")
        parser.add_argument("--by", default="")

    @walls.as_system()
    def handle(self, *args: Any, apply: bool, by: str, **options: Any) -> None:
        clerk = staff_named(by) if by else None
        if (by or apply) and clerk is None:
            raise CommandError(f"没有名为 {by} 的工作人员；--apply 须写明 --by。[staff.unknown]")
        person_ids, reason = self.concerned(options)
        try:
            summary, changes = recalculation.recalculate(
                person_ids=person_ids, is_applied=apply, reason=reason, by=clerk
            )
        except BusinessError as error:
            raise CommandError(str(error)) from error
        for change in changes:
            moved = "，".join(
                f"{name} {format_yuan(change.before[name])}→{format_yuan(amount)}"
                for name, amount in change.after.items()
                if amount != change.before[name]
            )
            settled = "（已结算，产生差额）" if change.is_settled else ""
            self.stdout.write(f"{change.institution_code} {change.number}{settled}：{moved}")
        self.stdout.write(
            f"{'已写入' if apply else '试算'}：{summary.person_years} 个人年，{len(changes)} 张单据有变化，"
            f"差额 {summary.differences} 笔，不能核算 {summary.problems} 个人年。"
        )

    def concerned(self, options: dict[str, Any]) -> tuple[list[int] | None, str]:
        if options["person"]:
            person = people.by_id_number(options["person"])
            if person is None:
                raise CommandError("本市没有此人的档案。[person.unknown]")
            return [person.pk], "按人重算"
        if options["batch"]:
            return rosters.people_of(options["batch"]), f"名单批次 {options['batch']}"
        return None, f"政策发布 {options['policy']}"

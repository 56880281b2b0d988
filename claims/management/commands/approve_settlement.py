"""`manage.py approve_settlement RUN --by OTHER_USER`: another person approves what was sealed, two a large month."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from claims.selectors import settlements
from claims.services import settlement


class Command(BaseCommand):
    help = "审批已封存的月结算：记账并生成付款单；审批人不得是经办人；大额须两人先后审批。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="结算编号或月份")
        parser.add_argument("--by", required=True)

    @walls.as_system()
    def handle(self, *args: Any, run: str, by: str, **options: Any) -> None:
        approver = staff_named(by)
        if approver is None:
            raise CommandError(f"没有名为 {by} 的工作人员。[staff.unknown]")
        try:
            approved = settlement.approve(run=settlements.run_named(run), by=approver)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        report = settlements.report(approved)
        missing = settlements.seats(approved).missing
        if missing:
            self.stdout.write(
                f"已签，{report.month} 月结算实付 {report.payable} 元，还需 {missing} 人审批后生效（状态：待审批）。"
            )
            return
        self.stdout.write(f"{report.month} 月结算已审批，实付 {report.payable} 元，指纹 {report.sha256[:12]}。")

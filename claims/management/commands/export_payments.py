"""`manage.py export_payments RUN --out payments.csv [--by CASHIER]`: write the sealed payment list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import city_holder_of, staff_named
from bureau.organization.terms import Duty
from claims.selectors import settlements
from claims.services import settlement


class Command(BaseCommand):
    help = "导出已审批的付款清单，内容与封存时逐字一致。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("run", help="结算编号或月份")
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--by", default="", help="默认为市级出纳")

    @walls.as_system()
    def handle(self, *args: Any, run: str, out: Path, by: str, **options: Any) -> None:
        try:
            month = settlements.run_named(run)
            clerk = staff_named(by) if by else city_holder_of(Duty.CASHIER)
            if by and clerk is None:
                raise CommandError(f"没有名为 {by} 的工作人员。[staff.unknown]")
            text = settlement.export_payments(run=month, by=clerk)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        out.write_text(text, encoding="utf-8", newline="")
        self.stdout.write(f"已导出 {month.month} 付款清单到 {out}。")

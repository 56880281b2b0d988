"""`manage.py settle 2023-05 --by USER [--json]`: open or continue the month's settlement and wait until it is sealed.

Workers do the steps where there are any; where none takes one up, this process does them. Both at once do no harm.
"""

from __future__ import annotations

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from claims.selectors import settlements
from claims.services import settlement
from claims.terms import SettlementStage

# How long a worker may take to show the first sign of life before this process does the work itself.
PATIENCE = 3.0
PAUSE = 0.1


class Command(BaseCommand):
    help = "月结算：冻结、计算、封存；可随时中断，重新执行即继续。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("month")
        parser.add_argument("--by", required=True)
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--here", action="store_true", help="不等后台进程，直接在本进程计算")

    @walls.as_system()
    def handle(self, *args: Any, month: str, by: str, here: bool, **options: Any) -> None:
        accountant = staff_named(by)
        if accountant is None:
            raise CommandError(f"没有名为 {by} 的工作人员。[staff.unknown]")
        try:
            run = settlement.open_month(month=month, by=accountant)
            if not here:
                self.wait(month)
            settlement.work(run.run_id)
            self.wait(month)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        run = settlements.run_named(month)
        exceptions = settlements.exceptions_of(run)
        if run.stage == SettlementStage.COMPUTING:
            reasons = "；".join(f"{key}：{reason}" for key, reason in exceptions.failed) or "仍有机构未计算完。"
            raise CommandError(f"{month} 月结算未能封存。{reasons}[claims.month_unsealed]")
        report = settlements.report(run)
        if exceptions.left_out:
            self.stderr.write(f"另有 {exceptions.left_out} 张单据未核算，未纳入本次结算。")
        if options["json"]:
            self.stdout.write(json.dumps(report.to_json(), ensure_ascii=False))
            return
        self.stdout.write(
            f"{month} 月结算（编号 {report.run}）{SettlementStage.label_of(report.stage)}："
            f"机构 {report.institutions} 家，单据 {report.claims} 张，应付 {report.due} 元，扣款 {report.deducted} 元，"
            f"保证金 {report.withheld} 元，实付 {report.payable} 元。指纹 {report.sha256[:12]}。"
        )

    def wait(self, month: str) -> None:
        """Wait while the workers get on; come back when the month is sealed or nothing has moved for a while."""
        run = settlements.run_named(month)
        before, moved_at = settlements.progress_of(run), time.monotonic()
        while run.stage == SettlementStage.COMPUTING and time.monotonic() - moved_at < PATIENCE:
            if before.waiting == 0 and before.failed:
                return
            time.sleep(PAUSE)
            run = settlements.run_named(month)
            now = settlements.progress_of(run)
            if now != before:
                before, moved_at = now, time.monotonic()

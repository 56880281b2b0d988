"""What the books show on the home page: the latest month in figures, and payments that came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, panels, waiting
from bureau.funds.selectors import balances, books
from bureau.funds.terms import AccountKind, PaymentStage
from bureau.funds.views import READERS
from bureau.kernel.money import format_yuan
from bureau.kernel.terms import Fund
from bureau.organization.terms import Duty


def _latest_month(request: HttpRequest, subject: Any) -> panels.Context | None:
    by = access.staff(request)
    month = next(iter(books.months(by=by)), None)
    if month is None:
        return None
    lines = {(line.fund, line.kind): line for line in balances.trial_balance(month=month, by=by)}
    rows: list[dict[str, Any]] = [
        {
            "fund": fund,
            "spent": lines[fund, AccountKind.EXPENDITURE].net,
            "owed": lines[fund, AccountKind.PAYABLE].credit,
            "held": lines[fund, AccountKind.DEPOSIT].credit,
            "paid": lines[fund, AccountKind.PAYABLE].debit,
        }
        for fund in Fund
    ]
    sums = {name: sum(row[name] for row in rows) for name in ("spent", "owed", "held", "paid")}
    most = max(row["spent"] for row in rows)
    return {"month": month, "rows": rows, "sums": sums, "most": most}


def _returned(request: HttpRequest) -> Iterator[waiting.Waiting]:
    found = books.payment_orders(by=access.staff(request)).filter(stage=PaymentStage.RETURNED.value)
    amounts = list(found.values_list("amount", flat=True))
    yield waiting.Waiting(
        count=len(amounts),
        title="张付款单被银行退回",
        url=f"{reverse('funds:payments')}?stage={PaymentStage.RETURNED}",
        button="查看付款单",
        detail=f"合计 {format_yuan(sum(amounts), grouped=True)} 元，请核对收款账户",
        is_urgent=True,
    )


panels.register(panels.HOME, _latest_month, template="funds/panels/month.html", order=60, duties=READERS)
waiting.register(_returned, Duty.FINANCE, order=25)

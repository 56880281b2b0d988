"""The payment list: one line per order, the same bytes on every machine, so that it can be sealed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from bureau.kernel.money import format_yuan, parse_yuan

HEADER = ("付款单号", "基金", "收款机构编码", "收款机构", "开户行", "收款账号", "金额")


@dataclass(frozen=True, slots=True, order=True)
class PaymentLine:
    """One payment as the bank is told of it."""

    reference: str
    fund_name: str
    payee_code: str
    payee_name: str
    bank_name: str
    bank_account: str
    amount: int


def render(lines: Iterable[PaymentLine]) -> str:
    """The list as csv, ordered by reference."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in sorted(lines):
        writer.writerow(
            [
                line.reference,
                line.fund_name,
                line.payee_code,
                line.payee_name,
                line.bank_name,
                line.bank_account,
                format_yuan(line.amount),
            ]
        )
    return out.getvalue()


def read(text: str) -> list[PaymentLine]:
    """What `render` wrote."""
    rows = csv.reader(io.StringIO(text))
    if tuple(next(rows, ())) != HEADER:
        raise ValueError("not a payment list")
    return [
        PaymentLine(reference, fund_name, payee_code, payee_name, bank_name, bank_account, parse_yuan(amount))
        for reference, fund_name, payee_code, payee_name, bank_name, bank_account, amount in rows
    ]

"""How a business event is booked: one function per event, giving a balanced draft (decision 14).

Pure: amounts in fen, all positive, with a direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bureau.funds.terms import AccountKind, Direction, EntryKind
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Fund


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry."""

    account: AccountKind
    direction: Direction
    amount: int


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry before it is posted; `reference` comes from the business keys, so that nothing is booked twice."""

    reference: str
    fund: Fund
    month: str
    area_code: str
    kind: EntryKind
    summary: str
    lines: tuple[Line, ...]

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines if line.direction is Direction.DEBIT)


def statement(
    *,
    number: str,
    fund: Fund,
    month: str,
    area_code: str,
    institution_name: str,
    withheld: int,
    payable: int,
) -> Draft:
    """A statement's share in one fund: the expenditure after deductions is owed, a part of it as deposit."""
    return _draft(
        reference=f"{number}/{fund.value}",
        fund=fund,
        month=month,
        area_code=area_code,
        kind=EntryKind.SETTLEMENT,
        summary=f"{month} 月结算 {institution_name}",
        lines=[
            Line(AccountKind.EXPENDITURE, Direction.DEBIT, payable + withheld),
            Line(AccountKind.PAYABLE, Direction.CREDIT, payable),
            Line(AccountKind.DEPOSIT, Direction.CREDIT, withheld),
        ],
    )


def payment_confirmed(
    *, order_reference: str, fund: Fund, month: str, area_code: str, payee_name: str, amount: int
) -> Draft:
    """The bank has paid: what was owed is gone, and so is the money."""
    return _draft(
        reference=f"{order_reference}/confirmed",
        fund=fund,
        month=month,
        area_code=area_code,
        kind=EntryKind.PAYMENT,
        summary=f"拨付到账 {payee_name}",
        lines=[
            Line(AccountKind.PAYABLE, Direction.DEBIT, amount),
            Line(AccountKind.BANK, Direction.CREDIT, amount),
        ],
    )


def reversal(*, of: Draft, month: str, because: str) -> Draft:
    """The mirror of an entry, in the month in which it is reversed."""
    mirror = {Direction.DEBIT: Direction.CREDIT, Direction.CREDIT: Direction.DEBIT}
    return _draft(
        reference=f"{of.reference}/reversed",
        fund=of.fund,
        month=month,
        area_code=of.area_code,
        kind=EntryKind.REVERSAL,
        summary=f"冲销 {of.summary}：{because}",
        lines=[Line(line.account, mirror[line.direction], line.amount) for line in of.lines],
    )


def _draft(
    *,
    reference: str,
    fund: Fund,
    month: str,
    area_code: str,
    kind: EntryKind,
    summary: str,
    lines: Iterable[Line],
) -> Draft:
    """Leave out empty lines and refuse what does not balance, long before the table would."""
    kept = tuple(line for line in lines if line.amount != 0)
    debit = sum(line.amount for line in kept if line.direction is Direction.DEBIT)
    credit = sum(line.amount for line in kept if line.direction is Direction.CREDIT)
    if debit != credit or debit <= 0 or any(line.amount < 0 for line in kept):
        raise BusinessError("funds.unbalanced", f"凭证 {reference} 借贷不平，未记账。")
    return Draft(reference, fund, month, area_code, kind, summary[:200], kept)

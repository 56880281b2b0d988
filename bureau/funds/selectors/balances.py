"""Balances, always computed from the postings; nothing is cached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from bureau.funds.models import Account, Posting
from bureau.funds.terms import AccountKind
from bureau.organization.selectors.scope import narrow

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class Balance:
    """An account's turnover up to and including a month."""

    code: str
    name: str
    fund: str
    kind: str
    debit: int
    credit: int

    @property
    def net(self) -> int:
        """Debit less credit: positive for what we spent or hold, negative for what we owe."""
        return self.debit - self.credit


def balance(account_code: str, *, until_month: str | None = None) -> Balance:
    """One account as of the end of a month (of everything when not given)."""
    return next(line for line in trial_balance(until_month=until_month) if line.code == account_code)


def trial_balance(
    *, until_month: str | None = None, month: str | None = None, by: Staff | None = None
) -> list[Balance]:
    """Every account with its turnover, of one month or up to one; with `by`, of the areas that this person may see."""
    entries = Q()
    if until_month is not None:
        entries &= Q(entry__month__lte=until_month)
    if month is not None:
        entries &= Q(entry__month=month)
    postings = Posting.objects.filter(entries)
    if by is not None:
        postings = narrow(postings, by, path="entry__area")
    sums = {
        (row["account_id"], row["direction"]): row["amount"]
        for row in postings.values("account_id", "direction").order_by().annotate(amount=Sum("amount"))
    }
    return [
        Balance(
            code=account.code,
            name=account.name,
            fund=account.fund,
            kind=account.kind,
            debit=int(sums.get((account.code, "debit"), 0)),
            credit=int(sums.get((account.code, "credit"), 0)),
        )
        for account in Account.objects.order_by("code")
    ]


def reserves(by: Staff) -> dict[str, int]:
    """The funds whose bank account holds money according to the books: what is there, in fen.

    The portal books what is paid out. A fund's income comes into the books only where somebody posts it.
    """
    lines = trial_balance(by=by)
    return {line.fund: line.net for line in lines if line.kind == AccountKind.BANK and line.net > 0}

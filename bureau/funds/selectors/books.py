"""What the screens and the checks read of the books: entries, postings, payment orders, and their invariants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from bureau.funds.models import Account, Entry, PaymentOrder, Posting
from bureau.organization.selectors.scope import narrow

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def entries(*, by: Staff) -> QuerySet[Entry]:
    """The entries that `by` may see, the latest month first."""
    return narrow(Entry.objects.select_related("area", "posted_by"), by).order_by("-month", "fund", "voucher_number")


def months(*, by: Staff) -> list[str]:
    """The months in which something is posted, the latest first."""
    posted = narrow(Entry.objects.all(), by).order_by("-month").values_list("month", flat=True)
    return list(posted.distinct())


def account_names() -> list[tuple[str, str]]:
    """Codes and names of the accounts."""
    return list(Account.objects.order_by("code").values_list("code", "name"))


def reversal_of(entry: Entry) -> Entry | None:
    """The entry that takes this one back."""
    return Entry.objects.filter(reverses=entry).first()


def postings_of(entry: Entry) -> QuerySet[Posting]:
    """The lines of an entry, debits first."""
    return Posting.objects.select_related("account").filter(entry=entry).order_by("-direction", "id")


def payment_orders(*, by: Staff) -> QuerySet[PaymentOrder]:
    """The payment orders that `by` may see, the latest month first."""
    return narrow(PaymentOrder.objects.select_related("area"), by).order_by("-month", "reference")


def payment_months(*, by: Staff) -> list[str]:
    """The months for which payments were ordered, the latest first."""
    ordered = narrow(PaymentOrder.objects.all(), by).order_by("-month").values_list("month", flat=True)
    return list(ordered.distinct())


def orders_of_seal(seal_sha256: str) -> list[PaymentOrder]:
    """The orders of one sealed list, by reference."""
    return list(PaymentOrder.objects.filter(seal_sha256=seal_sha256).order_by("reference"))


def faults() -> dict[str, int]:
    """How often each invariant of the books is broken; all zero when the books are right."""
    with connection.cursor() as cursor:
        return {name: _count(cursor, statement) for name, statement in _FAULTS.items()}


def _count(cursor: object, statement: str) -> int:
    cursor.execute(statement)  # type: ignore[attr-defined]
    (count,) = cursor.fetchone()  # type: ignore[attr-defined]
    return int(count)


_FAULTS = {
    "entries_balance": """
        SELECT count(*) FROM (
            SELECT entry.id FROM funds_entry entry LEFT JOIN funds_posting posting ON posting.entry_id = entry.id
             GROUP BY entry.id
            HAVING coalesce(sum(posting.amount) FILTER (WHERE direction = 'debit'), 0) <> entry.total
                OR coalesce(sum(posting.amount) FILTER (WHERE direction = 'credit'), 0) <> entry.total
                OR count(posting.id) <> entry.posting_count) broken
    """,
    "debit_equals_credit_per_fund": """
        SELECT count(*) FROM (
            SELECT account.fund
              FROM funds_posting posting JOIN funds_account account ON account.code = posting.account_id
             GROUP BY account.fund
            HAVING sum(CASE direction WHEN 'debit' THEN amount ELSE -amount END) <> 0) broken
    """,
    "postings_stay_in_their_fund": """
        SELECT count(*) FROM funds_posting posting JOIN funds_account account ON account.code = posting.account_id
          JOIN funds_entry entry ON entry.id = posting.entry_id WHERE account.fund <> entry.fund
    """,
    "voucher_numbers_gapless": """
        SELECT count(*) FROM (
            SELECT fund, month FROM funds_entry GROUP BY fund, month
            HAVING min(voucher_number) <> 1 OR max(voucher_number) <> count(*)) broken
    """,
    "voucher_counters_true": """
        SELECT count(*) FROM funds_vouchercounter counter
         WHERE counter.last <> (SELECT count(*) FROM funds_entry entry
                                 WHERE entry.fund = counter.fund AND entry.month = counter.month)
    """,
    "confirmed_payments_are_booked": """
        SELECT count(*) FROM funds_paymentorder payment
          LEFT JOIN funds_entry entry ON entry.reference = payment.reference || '/confirmed'
         WHERE (payment.stage = 'confirmed') <> (entry.id IS NOT NULL)
            OR entry.total <> payment.amount
    """,
}

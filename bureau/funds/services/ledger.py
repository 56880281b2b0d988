"""Post entries. Many at once: one statement for the counters, one for the entries, one for the postings."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection, transaction

from bureau.funds.models import Account, Entry, Posting, VoucherCounter
from bureau.funds.rules import bookkeeping
from bureau.funds.terms import AccountKind, Direction, EntryKind
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Fund
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bureau.funds.rules.bookkeeping import Draft
    from bureau.organization.models import Staff


@transaction.atomic
def post(drafts: Iterable[Draft], *, by: Staff) -> list[Entry]:
    """Post the drafts with gapless voucher numbers, given in sorted order (decision 15); all of them or none."""
    ordered = sorted(drafts, key=lambda draft: (draft.month, draft.fund.value, draft.reference))
    if not ordered:
        return []
    _refuse_posted(ordered)
    accounts = {(account.fund, account.kind): account for account in Account.objects.all()}

    numbers = _take_numbers(ordered)

    entries = Entry.objects.bulk_create(
        [_entry(draft, number, by) for draft, number in zip(ordered, numbers, strict=True)], batch_size=1_000
    )
    Posting.objects.bulk_create(
        [
            Posting(
                entry=entry,
                account=accounts[draft.fund.value, line.account.value],
                direction=line.direction.value,
                amount=line.amount,
            )
            for entry, draft in zip(entries, ordered, strict=True)
            for line in draft.lines
        ],
        batch_size=2_000,
    )

    actions.record(
        action="funds.entries.posted",
        subject_kind="entry",
        subject_key=ordered[0].reference,
        summary=f"记账 {len(entries)} 张凭证。",
        detail={"entries": len(entries), "total": sum(draft.total for draft in ordered)},
        by=by,
    )
    return entries


@transaction.atomic
def reverse(entry: Entry, *, month: str, because: str, by: Staff) -> Entry:
    """Post the mirror of an entry; an entry is reversed at most once, and a reversal never."""
    if entry.kind == EntryKind.REVERSAL:
        raise BusinessError("funds.reversal_stays", f"凭证 {entry} 本身是冲销凭证，不能再冲销。")
    if Entry.objects.filter(reverses=entry).exists():
        raise BusinessError("funds.already_reversed", f"凭证 {entry} 已经冲销。")
    original = bookkeeping.Draft(
        reference=entry.reference,
        fund=Fund(entry.fund),
        month=entry.month,
        area_code=entry.area_id,
        kind=EntryKind(entry.kind),
        summary=entry.summary,
        lines=tuple(
            bookkeeping.Line(AccountKind(posting.account.kind), Direction(posting.direction), posting.amount)
            for posting in entry.postings.select_related("account")
        ),
    )

    draft = bookkeeping.reversal(of=original, month=month, because=because)

    (number,) = _take_numbers([draft])
    mirror = _entry(draft, number, by)
    mirror.reverses = entry
    mirror.save(force_insert=True)
    accounts = {account.kind: account for account in Account.objects.filter(fund=entry.fund)}
    Posting.objects.bulk_create(
        Posting(entry=mirror, account=accounts[line.account.value], direction=line.direction.value, amount=line.amount)
        for line in draft.lines
    )

    actions.record(
        action="funds.entry.reversed",
        subject_kind="entry",
        subject_key=entry.reference,
        summary=f"冲销凭证 {entry}：{because}",
        area_code=entry.area_id,
        by=by,
    )
    return mirror


def _refuse_posted(drafts: Sequence[Draft]) -> None:
    known = Entry.objects.filter(reference__in=[draft.reference for draft in drafts]).values_list(
        "reference", flat=True
    )
    first = known.order_by("reference").first()
    if first is not None:
        raise BusinessError("funds.already_posted", f"业务 {first} 已经记账，不得重复。")


def _entry(draft: Draft, number: int, by: Staff) -> Entry:
    return Entry(
        reference=draft.reference,
        fund=draft.fund.value,
        area_id=draft.area_code,
        month=draft.month,
        voucher_number=number,
        kind=draft.kind.value,
        summary=draft.summary,
        total=draft.total,
        posting_count=len(draft.lines),
        posted_by_id=by.pk,
    )


def _take_numbers(drafts: Sequence[Draft]) -> list[int]:
    """Numbers for drafts in their order. The counter rows stay locked until the commit, so an abort leaves no gap."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for draft in drafts:
        counts[draft.month, draft.fund.value] += 1
    books = sorted(counts)
    VoucherCounter.objects.bulk_create(
        [VoucherCounter(fund=fund, month=month) for month, fund in books], ignore_conflicts=True
    )
    following: dict[tuple[str, str], int] = {}
    with connection.cursor() as cursor:
        for month, fund in books:
            cursor.execute(
                "UPDATE funds_vouchercounter SET last = last + %s WHERE fund = %s AND month = %s RETURNING last",
                [counts[month, fund], fund, month],
            )
            following[month, fund] = cursor.fetchone()[0] - counts[month, fund]
    numbers = []
    for draft in drafts:
        following[draft.month, draft.fund.value] += 1
        numbers.append(following[draft.month, draft.fund.value])
    return numbers

"""Stories that an accountant can sign."""

from __future__ import annotations

import pytest

from bureau.funds.models import Entry, PaymentOrder
from bureau.funds.rules import bookkeeping
from bureau.funds.selectors import balances, books
from bureau.funds.services import ledger, payments
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Fund
from tests.bureau.funds.test_append_only import a_statement, check_at_commit
from tests.factories import month

pytestmark = pytest.mark.django_db


def net(code: str) -> int:
    return balances.balance(code).net


def test_a_month_is_owed_then_paid() -> None:
    accountant = month.an_accountant()
    ledger.post([a_statement()], by=accountant)
    assert (net("employee_pool.expenditure"), net("employee_pool.payable"), net("employee_pool.deposit")) == (
        100_00,
        -95_00,
        -5_00,
    )

    order = month.an_order()
    payments.mark_exported(seal_sha256=month.SEAL, by=month.a_cashier())
    payments.confirm(order.reference, month="2023-06", by=accountant)
    check_at_commit()

    assert (net("employee_pool.payable"), net("employee_pool.bank")) == (0, -95_00)
    assert balances.balance("employee_pool.payable", until_month="2023-05").net == -95_00
    assert sum(line.net for line in balances.trial_balance()) == 0
    assert not any(books.faults().values())


def test_a_payment_is_confirmed_once() -> None:
    order = month.an_order()
    payments.mark_exported(seal_sha256=month.SEAL, by=month.a_cashier())
    payments.confirm(order.reference, month="2023-06", by=month.an_accountant())

    with pytest.raises(BusinessError, match=r"funds\.order_stage"):
        payments.confirm(order.reference, month="2023-06", by=month.an_accountant())


def test_a_returned_payment_stays_owed() -> None:
    order = month.an_order()
    payments.mark_exported(seal_sha256=month.SEAL, by=month.a_cashier())
    payments.send_back(order.reference, reason="账号有误", by=month.an_accountant())

    assert PaymentOrder.objects.get().stage == "returned"
    assert not Entry.objects.exists()


def test_vouchers_are_numbered_without_gaps_in_sorted_order_and_per_fund() -> None:
    numbers = ["JS-202305-H51070400003", "JS-202305-H51070400001", "JS-202305-H51070400002"]
    entries = ledger.post([a_statement(number) for number in numbers], by=month.an_accountant())

    assert [(entry.reference[:22], entry.voucher_number) for entry in entries] == [
        ("JS-202305-H51070400001", 1),
        ("JS-202305-H51070400002", 2),
        ("JS-202305-H51070400003", 3),
    ]


def test_a_refused_posting_leaves_no_gap() -> None:
    ledger.post([a_statement("JS-1")], by=month.an_accountant())
    with pytest.raises(BusinessError, match=r"funds\.already_posted"):
        ledger.post([a_statement("JS-2"), a_statement("JS-1")], by=month.an_accountant())
    (entry,) = ledger.post([a_statement("JS-3")], by=month.an_accountant())

    assert entry.voucher_number == 2
    assert not any(books.faults().values())


def test_a_reversal_mirrors_the_entry_once() -> None:
    accountant = month.an_accountant()
    (entry,) = ledger.post([a_statement()], by=accountant)
    mirror = ledger.reverse(entry, month="2023-06", because="误记", by=accountant)
    check_at_commit()

    assert all(line.net == 0 for line in balances.trial_balance())
    with pytest.raises(BusinessError, match=r"funds\.already_reversed"):
        ledger.reverse(entry, month="2023-06", because="误记", by=accountant)
    with pytest.raises(BusinessError, match=r"funds\.reversal_stays"):
        ledger.reverse(mirror, month="2023-06", because="误记", by=accountant)


def test_a_draft_that_does_not_balance_never_reaches_the_books() -> None:
    with pytest.raises(BusinessError, match=r"funds\.unbalanced"):
        bookkeeping.statement(
            number="JS",
            fund=Fund.ASSISTANCE,
            month="2023-05",
            area_code="510704",
            institution_name="",
            withheld=-1,
            payable=1,
        )

"""What the books refuse by themselves, to the owner of the tables and to the application alike."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from bureau.funds.models import Account, Entry, PaymentOrder, Posting
from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger
from bureau.kernel.terms import Fund
from tests.conftest import ThrowawayDatabase
from tests.factories import month
from tests.factories.people import YOUXIAN


def a_statement(
    number: str = "JS-202305-H51070400001", *, payable: int = 95_00, withheld: int = 5_00
) -> bookkeeping.Draft:
    return bookkeeping.statement(
        number=number,
        fund=Fund.EMPLOYEE_POOL,
        month="2023-05",
        area_code=YOUXIAN,
        institution_name="游仙第二医院",
        withheld=withheld,
        payable=payable,
    )


@pytest.fixture
def entry() -> Entry:
    """100.00 spent, 95.00 owed, 5.00 held."""
    return ledger.post([a_statement()], by=month.an_accountant())[0]


def check_at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.django_db
def test_a_balanced_entry_is_posted(entry: Entry) -> None:
    check_at_commit()

    assert (entry.voucher_number, entry.total, entry.posting_count) == (1, 100_00, 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "amounts", [[("debit", 100), ("credit", 99)], [("debit", 100)], [("debit", 50), ("credit", 50)], []]
)
def test_an_unbalanced_entry_is_refused_at_commit(amounts: list[tuple[str, int]]) -> None:
    with pytest.raises(IntegrityError, match="借贷不平"), transaction.atomic():
        entry = Entry.objects.create(
            reference="x",
            fund="employee_pool",
            area=month.an_accountant().area,
            month="2023-05",
            voucher_number=1,
            kind="settlement",
            summary="",
            total=100,
            posting_count=2,
            posted_by=month.an_accountant(),
        )
        for direction, amount in amounts:
            Posting.objects.create(entry=entry, account_id="employee_pool.bank", direction=direction, amount=amount)
        check_at_commit()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funds_posting SET amount = amount + 1",
        "UPDATE funds_posting SET entry_id = entry_id",
        "DELETE FROM funds_posting",
        "TRUNCATE funds_posting",
        "UPDATE funds_entry SET summary = 'x'",
        "DELETE FROM funds_entry",
        "TRUNCATE funds_entry CASCADE",
        "DELETE FROM funds_paymentorder",
        "TRUNCATE funds_paymentorder",
        "UPDATE funds_paymentorder SET amount = 1",
        "UPDATE funds_paymentorder SET bank_account = ''",
        "UPDATE funds_paymentorder SET stage = 'confirmed'",
    ],
)
def test_what_stands_in_the_books_stays(entry: Entry, statement: str) -> None:
    month.an_order()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "verb", ["UPDATE funds_posting SET amount = 1", "DELETE FROM funds_entry", "TRUNCATE funds_posting"]
)
def test_the_application_has_not_even_the_privilege(entry: Entry, as_application: None, verb: str) -> None:
    check_at_commit()
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


@pytest.mark.django_db
def test_the_application_can_post(entry: Entry, as_application: None) -> None:
    ledger.post([a_statement("JS-2")], by=month.an_accountant())
    check_at_commit()


def test_a_posting_that_comes_later_is_refused(throwaway_database: ThrowawayDatabase) -> None:
    (entry,) = ledger.post([a_statement()], by=month.an_accountant())

    with pytest.raises(IntegrityError, match="已经记账"):
        Posting.objects.create(entry=entry, account_id="employee_pool.bank", direction="debit", amount=1)


@pytest.mark.django_db
def test_a_posting_inside_a_savepoint_of_the_same_transaction_is_in_time() -> None:
    with transaction.atomic(), transaction.atomic():
        ledger.post([a_statement()], by=month.an_accountant())
    check_at_commit()


@pytest.mark.django_db
def test_a_posting_to_another_funds_account_is_refused(entry: Entry) -> None:
    with pytest.raises(IntegrityError, match="不属于"), transaction.atomic():
        Posting.objects.create(entry=entry, account_id="resident_pool.bank", direction="debit", amount=1)


@pytest.mark.django_db
def test_each_fund_has_its_accounts() -> None:
    assert Account.objects.count() == 4 * 4


@pytest.mark.django_db
def test_the_approver_of_a_payment_is_not_its_maker() -> None:
    accountant = month.an_accountant()
    with pytest.raises(IntegrityError, match="与已审批的结算不符"), transaction.atomic():
        PaymentOrder.objects.create(
            reference="x", area=accountant.area, month="2023-05", fund="employee_pool", payee_code="", payee_name="",
            bank_name="", bank_account="", amount=1, seal_sha256="", made_by=accountant, approved_by=accountant,
        )  # fmt: skip

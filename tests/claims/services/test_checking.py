"""A proof is worth what it finds: each tampering behind the tables' back is named."""

from __future__ import annotations

import pytest
from django.db import connection

from bureau.kernel.terms import Care
from claims.services import checking
from tests.factories import month, people
from tests.factories.month import Bill

pytestmark = pytest.mark.django_db

TAMPERINGS = {
    "funds_posting: UPDATE funds_posting SET amount = amount + 1 WHERE direction = 'debit'": {
        "entries_balance",
        "debit_equals_credit_per_fund",
        "statements_equal_postings",
    },
    "funds_entry: UPDATE funds_entry SET voucher_number = 7": {"voucher_numbers_gapless"},
    "funds_paymentorder: UPDATE funds_paymentorder SET bank_account = set_byte(bank_account, 40, 7)": {
        "payment_file_equals_orders"
    },
    "funds_paymentorder: UPDATE funds_paymentorder SET amount = 1": {
        "payment_file_equals_orders",
        "payment_orders_equal_payable",
    },
    "claims_settlementline: UPDATE claims_settlementline SET due = due + 1, payable = payable + 1": {
        "claims_equal_statements",
        "statements_equal_their_lines",
        "statements_equal_postings",
        "payment_orders_equal_payable",
        "statement_digests_hold",
        "seals_hold",
    },
    "claims_adjudication: UPDATE claims_adjudication SET pooled = pooled + 1": {
        "claims_equal_statements",
        "statement_digests_hold",
        "seals_hold",
    },
    "claims_settlementrun: UPDATE claims_settlementrun SET payment_list = set_byte(payment_list, 40, 7)": {
        "seals_hold",
        "payment_file_equals_orders",
    },
    "claims_settlementrun: UPDATE claims_settlementrun SET second_approval_from = 200000000": {
        "approval_tiers_equal_release"
    },
    "claims_claim: UPDATE claims_claim SET total = total + 1": {
        "claim_counts_equal_statements",
        "statement_digests_hold",
        "seals_hold",
    },
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_tampering_is_named(tampering: str) -> None:
    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.filed(month.a_paid_hospital(), Bill("1", farmer, "20800.00", Care.INPATIENT))
    month.adjudicated()
    month.approved(month.settled())
    assert checking.check_books(by=None).is_sound

    table, statement = tampering.split(": ", 1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)

    proof = checking.check_books(by=None)
    assert {name for name, faults in proof.faults.items() if faults} == TAMPERINGS[tampering]

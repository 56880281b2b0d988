"""Person-years adjudicated in bulk: constant queries, faults that stay with their own, differences after settlement."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bureau.kernel.terms import Care, ReliefCategory, Scheme
from claims.models import Adjudication, Adjustment, AdjustmentUse, Claim, PersonYear, SettlementLine
from claims.selectors import waterfall
from claims.services import adjudication, checking
from enrollment.models import Enrollment, Person
from tests.factories import month, people, relief
from tests.factories.month import Bill

pytestmark = pytest.mark.django_db


def an_insured(scheme: Scheme = Scheme.RESIDENT) -> Person:
    someone = people.a_person()
    people.an_enrollment(someone, scheme=scheme)
    return someone


def lines_of(month_text: str, *columns: str) -> list[tuple[object, ...]]:
    found = SettlementLine.objects.filter(settlement__run__month=month_text).order_by("fund")
    return list(found.values_list(*columns))


def pooled() -> dict[str, int]:
    found = Adjudication.objects.filter(is_current=True).values_list("claim__number", "pooled")
    return dict(found)


def test_a_deductible_is_used_up_across_the_claims_of_a_year() -> None:
    worker = an_insured(Scheme.EMPLOYEE)
    month.filed(
        month.a_paid_hospital(),
        Bill("1", worker, "120.00", on=date(2023, 5, 1)),
        Bill("2", worker, "180.01", on=date(2023, 5, 2)),
    )

    summary = month.adjudicated()

    # 120.00 and 80.00 fill the deductible of 200.00; half of 100.01 is 50.005, half up 50.01.
    assert pooled() == {"1": 0, "2": 50_01}
    assert (summary.person_years, summary.claims, summary.written) == (1, 2, 2)
    assert set(Claim.objects.values_list("stage", flat=True)) == {"adjudicated"}


def test_an_explanation_is_read_back_with_the_law_it_was_computed_by() -> None:
    worker = an_insured(Scheme.EMPLOYEE)
    month.filed(month.a_paid_hospital(), Bill("1", worker, "1000.00"))
    month.adjudicated()

    stored = Adjudication.objects.get()
    steps = waterfall.steps(stored)
    deductible = next(step for step in steps if step.step == "deductible")
    assert (deductible.amount, deductible.source.parameter) == (200_00, "outpatient.deductible")
    assert stored.facts["employment"] == "in_service"
    assert stored.policy_sha256 == month.the_law().sha256


def test_what_is_adjudicated_again_unchanged_is_not_written_again() -> None:
    month.filed(month.a_paid_hospital(), Bill("1", an_insured(), "1000.00"))
    month.adjudicated()
    PersonYear.objects.update(is_due=True)

    assert month.adjudicated().written == 0
    assert Adjudication.objects.count() == 1


def test_a_changed_fact_makes_a_new_version_and_keeps_the_old_one() -> None:
    worker = an_insured(Scheme.EMPLOYEE)
    month.filed(month.a_paid_hospital(), Bill("1", worker, "1000.00"))
    month.adjudicated()
    Enrollment.objects.update(employment="retired")

    month.adjudicated()

    # Retired: deductible 150.00, 60 % of 850.00 in a tertiary hospital.
    assert list(Adjudication.objects.values_list("version", "is_current", "pooled")) == [
        (1, False, 400_00),
        (2, True, 510_00),
    ]
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
        Adjudication.objects.filter(version=1).update(pooled=0)


def test_a_person_year_that_cannot_be_computed_spoils_no_other() -> None:
    good, bad = an_insured(), an_insured()
    month.filed(month.a_paid_hospital(), Bill("good", good, "1000.00", Care.INPATIENT), Bill("bad", bad, "1.00"))
    Enrollment.objects.filter(person=bad).update(valid_from=date(2023, 5, 11))

    summary = month.adjudicated()

    assert (summary.claims, summary.problems) == (2, 1)
    assert pooled() == {"good": 120_00}
    trouble = PersonYear.objects.get(person=bad)
    assert (trouble.problem_code, trouble.problem) == ("claims.not_enrolled", "单据 bad：就医日未参保。")
    assert Claim.objects.get(number="bad").stage == "received"


def test_a_chunk_takes_the_same_number_of_queries_whatever_its_size() -> None:
    month.the_law()
    hospital = month.a_paid_hospital()
    counts = []
    for size in (2, 12):
        month.filed(hospital, *(Bill(f"{size}-{number}", an_insured(), "500.00") for number in range(size)))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            adjudication.adjudicate_due(by=None)
        counts.append(len(queries))

    assert counts[0] == counts[1] < 40


def test_a_difference_after_settlement_is_settled_in_the_next_month_and_the_settled_amounts_stay() -> None:
    farmer = an_insured()
    hospital = month.a_paid_hospital()
    month.filed(hospital, Bill("may", farmer, "60000.00", Care.INPATIENT))
    month.adjudicated()
    month.settled()
    before = list(SettlementLine.objects.values_list("fund", "due"))

    # A late roster: on subsistence since April.
    relief.a_status(farmer, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 4, 1))
    assert month.adjudicated().differences == 2

    # 60 % of 59,200.00 pooled either way; s = 24,480.00. Before: 60 % over 15,000.00 = 5,688.00.
    # Now: 65 % over 7,500.00 = 11,037.00, and 70 % of the remaining 13,443.00 = 9,410.10 assistance.
    assert before == [("major_illness", 5_688_00), ("resident_pool", 35_520_00)]
    assert list(Adjustment.objects.order_by("fund").values_list("fund", "amount", "stage")) == [
        ("assistance", 9_410_10, "open"),
        ("major_illness", 5_349_00, "open"),
    ]
    june = month.settled("2023-06")

    assert lines_of("2023-06", "fund", "due", "withheld", "payable") == [
        ("assistance", 9_410_10, 0, 9_410_10),
        ("major_illness", 5_349_00, 0, 5_349_00),
    ]
    assert list(SettlementLine.objects.exclude(settlement__run=june).values_list("fund", "due")) == before
    month.approved(june)
    assert checking.check_books(by=None).is_sound


def test_what_is_taken_back_never_makes_a_line_negative_and_the_rest_stays_open() -> None:
    farmer, other = an_insured(), an_insured()
    hospital = month.a_paid_hospital()
    month.filed(hospital, Bill("may", farmer, "20800.00", Care.INPATIENT))
    month.adjudicated()
    month.settled()

    # The bill was 10,000.00 too high: 60 % of 20,000.00 = 12,000.00 becomes 6,000.00.
    Claim.objects.filter(number="may").update(excluded=10_000_00)
    month.filed(hospital, Bill("june", other, "5800.00", Care.INPATIENT, date(2023, 6, 1)), month="2023-06")
    month.adjudicated()
    assert Adjustment.objects.get().amount == -6_000_00

    month.settled("2023-06")
    # 60 % of 5,000.00 = 3,000.00 is all there is to take from.
    assert lines_of("2023-06", "due", "deducted", "payable") == [(3_000_00, 3_000_00, 0)]
    assert (Adjustment.objects.get().stage, AdjustmentUse.objects.get().amount) == ("open", -3_000_00)

    month.filed(hospital, Bill("july", an_insured(), "10800.00", Care.INPATIENT, date(2023, 7, 1)), month="2023-07")
    month.adjudicated()
    month.settled("2023-07")
    # 6,000.00 less 3,000.00; 5 % of the remaining 3,000.00 is withheld.
    assert lines_of("2023-07", "due", "deducted", "withheld", "payable") == [(6_000_00, 3_000_00, 150_00, 2_850_00)]
    assert Adjustment.objects.get().stage == "settled"
    assert sum(AdjustmentUse.objects.values_list("amount", flat=True)) == -6_000_00

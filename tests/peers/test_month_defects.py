"""What the closest peer does wrong with a month of claims, seen by running it; here it must come out right."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care, Scheme
from bureau.trail.models import Run
from claims.models import Adjudication, Approval, Claim, PersonYear, Settlement, SettlementRun
from claims.services import adjudication, checking, settlement
from enrollment.models import Enrollment, Person
from tests.conftest import ThrowawayDatabase
from tests.factories import month, people
from tests.factories.month import Bill


def an_insured(scheme: Scheme = Scheme.RESIDENT) -> Person:
    someone = people.a_person()
    people.an_enrollment(someone, scheme=scheme)
    return someone


def current() -> list[Adjudication]:
    return list(Adjudication.objects.filter(is_current=True).order_by("claim__number"))


@pytest.mark.django_db
def test_3_no_cent_is_cut_off() -> None:
    month.filed(month.a_paid_hospital(), Bill("1", an_insured(), "99.90", excluded="0.09"))
    month.adjudicated()

    (stored,) = current()
    # Residents: 50 % of 99.81 = 49.905, half up 49.91.
    assert (stored.eligible, stored.pooled, stored.personal_burden) == (99_81, 49_91, 49_99)


@pytest.mark.django_db
def test_5_adjudicating_again_counts_no_usage_twice() -> None:
    farmer = an_insured()
    month.filed(month.a_paid_hospital(), Bill("1", farmer, "400.00"), Bill("2", farmer, "400.00"))
    for _ in range(3):
        PersonYear.objects.update(is_due=True)
        month.adjudicated()

    # The yearly limit of 300.00: 200.00 and what is left of it, however often it is computed.
    assert [stored.pooled for stored in current()] == [200_00, 100_00]
    assert Adjudication.objects.count() == 2


def test_7_four_workers_at_once_pay_no_more_than_the_limit(throwaway_database: ThrowawayDatabase) -> None:
    month.the_law()
    farmer, clerk = an_insured(), month.an_accountant()
    hospitals = [month.a_paid_hospital() for _ in range(4)]
    ready = threading.Barrier(4)

    @walls.as_system()
    def worker(number: int) -> None:
        for turn in range(5):
            ready.wait()
            month.filed(hospitals[number], Bill(f"{turn}", farmer, "200.00", on=date(2023, 5, 1 + turn)), by=clerk)
            adjudication.adjudicate_due(by=None)
            adjudication.recalculate(PersonYear.objects.values_list("pk", flat=True), reason="重算", by=None)
        connection.close()

    threads = [threading.Thread(target=worker, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    adjudication.adjudicate_due(by=None)

    # Twenty claims of 100.00 each under a limit of 300.00: the first three in sequence have it all.
    paid = Adjudication.objects.filter(is_current=True).order_by("claim__sequence").values_list("pooled", flat=True)
    assert list(paid) == [100_00] * 3 + [0] * 17


@pytest.mark.django_db
def test_8_one_bad_claim_in_a_bulk_neither_stops_the_rest_nor_blames_another() -> None:
    good, bad = an_insured(), an_insured()
    month.filed(
        month.a_paid_hospital(),
        Bill("a-good", good, "100.00"),
        Bill("b-bad", bad, "100.00"),
        Bill("c-broken", good, "not money"),
        Bill("d-good", good, "100.00"),
    )
    Enrollment.objects.filter(person=bad).delete()
    month.adjudicated()

    assert [(stored.claim.number, stored.pooled) for stored in current()] == [("a-good", 50_00), ("d-good", 50_00)]
    assert list(PersonYear.objects.exclude(problem_code="").values_list("person_id", flat=True)) == [bad.pk]


@pytest.mark.django_db
def test_9_a_month_is_settled_under_its_own_name_once_and_does_not_block_the_next() -> None:
    hospital, farmer = month.a_paid_hospital(), an_insured()
    month.filed(hospital, Bill("may", farmer, "100.00"))
    month.filed(hospital, Bill("june", farmer, "100.00", on=date(2023, 6, 2)), month="2023-06")
    month.adjudicated()

    assert (month.settled("2023-05").month, month.settled("2023-05").month) == ("2023-05", "2023-05")
    assert month.settled("2023-06").stage == "sealed"
    assert list(Settlement.objects.order_by("number").values_list("run__month", "claim_count")) == [
        ("2023-05", 1),
        ("2023-06", 1),
    ]
    with pytest.raises(BusinessError, match=r"claims\.month_passed"):
        month.settled("2023-04")


@pytest.mark.django_db
def test_10_a_fault_in_the_middle_leaves_nothing_half_done_and_the_rerun_completes() -> None:
    farmer = an_insured()
    for number in (1, 2, 3):
        month.filed(month.a_paid_hospital(code=f"H510704{number:05d}"), Bill("1", farmer, "2000.00", Care.INPATIENT))
    month.adjudicated()
    with transaction.atomic():
        expected = month.settled().seal_sha256
        transaction.set_rollback(True)
    with connection.cursor() as cursor:
        cursor.execute(_FAULT)

    run = month.settled()
    assert run.stage == "computing"
    assert list(Settlement.objects.order_by("number").values_list("institution__code", flat=True)) == [
        "H51070400001",
        "H51070400003",
    ]

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP TRIGGER fault ON claims_settlementline")
    Run.objects.get().steps.update(not_before=None)
    assert month.settled().seal_sha256 == expected
    assert Settlement.objects.count() == 3


# The statement itself is already written when its first line fails.
_FAULT = """
    CREATE FUNCTION pg_temp.fault() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT number FROM claims_settlement WHERE id = NEW.settlement_id) LIKE '%00002' THEN
            RAISE EXCEPTION 'disk full';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER fault BEFORE INSERT ON claims_settlementline FOR EACH ROW EXECUTE FUNCTION pg_temp.fault();
"""


@pytest.mark.django_db
def test_11_the_maker_is_never_the_checker() -> None:
    month.filed(month.a_paid_hospital(), Bill("1", an_insured(), "100.00"))
    month.adjudicated()
    run, accountant = month.settled(), month.an_accountant()
    # He became an approver since.
    people.DutyAssignment.objects.filter(staff=accountant).update(duty="finance_approval")

    with pytest.raises(BusinessError, match=r"claims\.same_person"):
        settlement.approve(run=run, by=accountant)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(run=run, seat=1, by=accountant, sha256=run.seal_sha256)
    assert month.approved(run).stage == "approved"
    assert checking.check_books(by=None).is_sound


def test_twenty_starts_of_a_month_at_once_give_one_run_and_one_seal(throwaway_database: ThrowawayDatabase) -> None:
    farmer = an_insured()
    for number in range(1, 6):
        month.filed(month.a_paid_hospital(code=f"H510704{number:05d}"), Bill("1", farmer, "2000.00", Care.INPATIENT))
    month.adjudicated()
    with transaction.atomic():
        expected = month.settled().seal_sha256
        transaction.set_rollback(True)
    accountant, ready = month.an_accountant(), threading.Barrier(20)
    faults: list[Exception] = []

    @walls.as_system()
    def start() -> None:
        ready.wait()
        try:
            run = settlement.open_month(month=month.MONTH, by=accountant)
            settlement.work(run.run_id)
        except Exception as fault:
            faults.append(fault)
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    assert list(SettlementRun.objects.values_list("stage", "seal_sha256")) == [("sealed", expected)]
    assert Settlement.objects.count() == 5
    assert Claim.objects.exclude(settled_version=1).count() == 0

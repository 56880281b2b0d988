"""A claim file of good and bad rows: each row judged by itself, the good ones numbered in order."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care
from claims.models import Claim, ClaimRow, PersonYear
from enrollment.models import Person
from institutions.models import Institution
from tests.conftest import ThrowawayDatabase
from tests.factories import institutions, month, people
from tests.factories.month import Bill


@pytest.fixture
def hospital(db: None) -> Institution:
    return month.a_paid_hospital(code="H51070400001")


@pytest.fixture
def person(db: None) -> Person:
    someone = people.a_person(name="王芳")
    people.an_enrollment(someone)
    return someone


def codes() -> dict[str, str]:
    return dict(ClaimRow.objects.values_list("number", "code"))


def test_every_bad_row_is_refused_for_its_own_reason_and_the_good_ones_are_taken_in(
    hospital: Institution, person: Person
) -> None:
    stranger, gone, dead = people.a_person(), people.a_person(), people.a_person()
    people.an_enrollment(gone, valid_until=date(2023, 5, 1))
    people.an_enrollment(dead)
    Person.objects.filter(pk=dead.pk).update(deceased_on=date(2023, 5, 9))
    mistyped = person.id_number[:-1] + ("1" if person.id_number[-1] != "1" else "2")
    tomorrow = timezone.localdate() + timedelta(days=1)

    receipt = month.filed(
        hospital,
        Bill("good-1", person, "100.00"),
        Bill("not-exact", person, "99.905"),
        Bill("negative", person, "-1.00"),
        Bill("no-number", person, "many"),
        Bill("parts", person, "10.00", excluded="6.00", over_ceiling="4.00", upfront_copay="0.01"),
        Bill("checksum", person, "10.00", id_number=mistyped),
        Bill("unknown", person, "10.00", id_number=people.an_id_number()),
        Bill("name", person, "10.00", name="王方"),
        Bill("not-enrolled", stranger, "10.00"),
        Bill("left", gone, "10.00", on=date(2023, 5, 1)),
        Bill("dead", dead, "10.00"),
        Bill("june", person, "10.00", on=date(2023, 6, 1)),
        Bill("future", person, "10.00", on=tomorrow),
        Bill("area", person, "10.00", care_area="510799"),
        Bill("elsewhere", person, "10.00", care_area="330102"),
        Bill("filing", person, "10.00", filing="maybe"),
        Bill("care", person, "10.00", care=Care.PHARMACY),
        Bill("twice", person, "10.00"),
        Bill("twice", person, "11.00"),
        Bill("good-2", person, "200.00", Care.INPATIENT, excluded="1.5", filing="是"),
    )

    assert (receipt.rows, receipt.accepted, receipt.refused) == (20, 2, 18)
    assert codes() == {
        "not-exact": "amount_not_exact",
        "negative": "amount_negative",
        "no-number": "amount_invalid",
        "parts": "parts_exceed_total",
        "checksum": "id_checksum",
        "unknown": "person_unknown",
        "name": "name_mismatch",
        "not-enrolled": "not_enrolled",
        "left": "not_enrolled",
        "dead": "deceased",
        "june": "service_date_after_month",
        "future": "service_date_future",
        "area": "care_area_unknown",
        "elsewhere": "care_area_mismatch",
        "filing": "filing_invalid",
        "care": "care_unfit",
        "twice": "duplicate_in_file",
    }
    taken_in = Claim.objects.order_by("sequence")
    assert list(taken_in.values_list("number", "sequence", "total", "excluded", "is_filed")) == [
        ("good-1", 1, 100_00, 0, False),
        ("good-2", 2, 200_00, 1_50, True),
    ]


def test_a_refused_row_keeps_no_id_digits(hospital: Institution, person: Person) -> None:
    month.filed(hospital, Bill("1", person, "x"), Bill("2", person, "1.00", name="王方"))

    for row in ClaimRow.objects.all():
        assert person.id_number not in str(row.raw)
        assert row.raw["身份证号"].endswith(person.id_number[-4:])


def test_the_same_bytes_again_are_recognized(hospital: Institution, person: Person) -> None:
    first = month.filed(hospital, Bill("1", person, "1.00"))
    again = month.filed(hospital, Bill("1", person, "1.00"))

    assert (again.batch, again.accepted, again.recognized) == (first.batch, 1, True)
    assert Claim.objects.count() == 1


def test_a_number_that_was_taken_in_before_is_refused(hospital: Institution, person: Person) -> None:
    month.filed(hospital, Bill("1", person, "1.00"))
    receipt = month.filed(hospital, Bill("1", person, "1.00"), Bill("2", person, "2.00"))

    assert (receipt.accepted, codes()) == (1, {"1": "duplicate_claim"})


def test_the_sequence_follows_the_date_within_a_file_and_the_intake_between_files(
    hospital: Institution, person: Person
) -> None:
    month.filed(
        hospital,
        Bill("b", person, "1.00", on=date(2023, 5, 20)),
        Bill("c", person, "1.00", on=date(2023, 5, 3)),
        Bill("a", person, "1.00", on=date(2023, 5, 20)),
    )
    month.filed(hospital, Bill("late", person, "1.00", on=date(2023, 1, 2)))

    assert list(Claim.objects.order_by("sequence").values_list("number", flat=True)) == ["c", "a", "b", "late"]
    assert PersonYear.objects.get().last_sequence == 4


def test_agreement_and_capability_are_asked_of_the_day(person: Person) -> None:
    hospital = institutions.a_hospital(code="H51070400009")
    institutions.an_agreement(hospital, valid_from=date(2023, 5, 5))
    institutions.a_capability(hospital, institutions.Capability.INPATIENT, valid_from=date(2023, 5, 10))

    month.filed(
        hospital,
        Bill("before", person, "1.00", Care.INPATIENT, date(2023, 5, 4)),
        Bill("not-yet", person, "1.00", Care.INPATIENT, date(2023, 5, 9)),
        Bill("outpatient", person, "1.00", Care.OUTPATIENT, date(2023, 5, 10)),
        Bill("good", person, "1.00", Care.INPATIENT, date(2023, 5, 10)),
    )

    assert codes() == {"before": "no_agreement", "not-yet": "no_capability", "outpatient": "no_capability"}
    assert list(Claim.objects.values_list("number", flat=True)) == ["good"]


def test_an_institution_outside_the_pool_needs_no_local_agreement(person: Person) -> None:
    people.Area.objects.get_or_create(code="330102", defaults={"name": "上城区", "level": "outside"})
    hospital = institutions.a_hospital(code="H33010200001", area_code="330102")

    receipt = month.filed(hospital, Bill("1", person, "1.00", Care.INPATIENT, care_area="330102", filing="是"))

    assert receipt.accepted == 1
    assert Claim.objects.get().care_area == "330102"


def test_who_may_not_hand_in_is_refused(hospital: Institution, person: Person) -> None:
    elsewhere = people.a_clerk("clerk-jiangyou", people.Duty.COUNTER, area_code=people.JIANGYOU)

    with pytest.raises(BusinessError, match=r"claims\.other_area"):
        month.filed(hospital, Bill("1", person, "1.00"), by=elsewhere)
    with pytest.raises(BusinessError, match=r"claims\.duty"):
        month.filed(hospital, Bill("1", person, "1.00"), by=people.a_clerk("nobody"))


def test_files_handed_in_at_once_number_a_persons_claims_without_gaps(throwaway_database: ThrowawayDatabase) -> None:
    someone = people.a_person()
    people.an_enrollment(someone)
    hospitals = [month.a_paid_hospital() for _ in range(6)]
    clerk = month.an_accountant()
    ready = threading.Barrier(6)

    @walls.as_system()
    def hand_in(number: int) -> None:
        ready.wait()
        month.filed(hospitals[number], *(Bill(f"{number}-{row}", someone, "1.00") for row in range(5)), by=clerk)
        connection.close()

    threads = [threading.Thread(target=hand_in, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(Claim.objects.values_list("sequence", flat=True)) == list(range(1, 31))

"""A fact that becomes known late brings back the person-years that it touches, and no others, whoever wrote it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction

from bureau import walls
from bureau.kernel.terms import Care, Employment, ReliefCategory, Scheme
from bureau.organization.terms import Duty
from claims.models import Adjudication, Adjustment, Claim, PersonYear
from claims.services import adjudication
from enrollment.models import ChronicRecognition, Enrollment, Person
from relief.models import ReliefStatus
from tests.conftest import ThrowawayDatabase
from tests.factories import month, people, relief
from tests.factories.month import Bill

IN_MAY = date(2023, 5, 10)


def a_settled_worker() -> Person:
    """Somebody with one bill of 2023-05-10, adjudicated; beside somebody else whom nothing concerns."""
    worker, other = people.a_person(), people.a_person(name="李强")
    for person in (worker, other):
        people.an_enrollment(person, scheme=Scheme.EMPLOYEE)
    month.filed(month.a_paid_hospital(), Bill("1", worker, "1000.00"), Bill("2", other, "1000.00"))
    month.adjudicated()
    assert waiting() == []
    return worker


def waiting() -> list[tuple[int, str]]:
    return list(PersonYear.objects.filter(is_due=True).values_list("person_id", "due_because"))


def retire(worker: Person) -> None:
    Enrollment.objects.filter(person=worker).update(employment=Employment.RETIRED.value)


def leave_before(worker: Person) -> None:
    Enrollment.objects.filter(person=worker).update(valid_until=date(2023, 5, 1))


def vanish(worker: Person) -> None:
    Enrollment.objects.filter(person=worker).delete()


def be_listed(worker: Person) -> None:
    relief.a_status(worker, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 5, 1))


def be_recognized(worker: Person) -> None:
    people.a_recognition(worker, valid_from=IN_MAY)


def have_died(worker: Person) -> None:
    Person.objects.filter(pk=worker.pk).update(deceased_on=date(2023, 5, 9))


def be_registered_poor(worker: Person) -> None:
    Person.objects.filter(pk=worker.pk).update(is_registered_poor=True)


def be_corrected(worker: Person) -> None:
    Claim.objects.filter(person=worker).update(excluded=100_00)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (retire, "参保变更"),
        (leave_before, "参保变更"),
        (vanish, "参保变更"),
        (be_listed, "救助身份变更"),
        (be_recognized, "慢性病认定变更"),
        (have_died, "个人档案变更"),
        (be_registered_poor, "个人档案变更"),
        (be_corrected, "单据更正"),
    ],
)
def test_a_late_fact_brings_back_the_year_of_that_person_alone(happens: Callable[[Person], None], because: str) -> None:
    worker = a_settled_worker()

    happens(worker)

    assert waiting() == [(worker.pk, because)]


def leave_later(worker: Person) -> None:
    Enrollment.objects.filter(person=worker).update(valid_until=date(2023, 6, 1))


def be_listed_later(worker: Person) -> None:
    relief.a_status(worker, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 5, 11))


def have_been_listed_until_that_day(worker: Person) -> None:
    relief.a_status(worker, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 1, 1), valid_until=IN_MAY)


def die_that_day(worker: Person) -> None:
    Person.objects.filter(pk=worker.pk).update(deceased_on=IN_MAY)


def change_the_telephone(worker: Person) -> None:
    worker.phone = "13900000000"
    worker.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "happens", [leave_later, be_listed_later, have_been_listed_until_that_day, die_that_day, change_the_telephone]
)
def test_a_fact_that_touches_no_day_of_care_brings_back_nothing(happens: Callable[[Person], None]) -> None:
    happens(a_settled_worker())

    assert waiting() == []


@pytest.mark.django_db
def test_what_does_not_decide_a_claim_brings_back_nothing() -> None:
    worker = a_settled_worker()
    relief.a_status(worker, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 1, 1))
    month.adjudicated()

    ReliefStatus.objects.update(town="新桥镇", settled_until=date(2023, 6, 1))

    assert waiting() == []


@pytest.mark.django_db
def test_of_several_years_only_the_one_that_is_touched_comes_back() -> None:
    worker = people.a_person()
    people.an_enrollment(worker, scheme=Scheme.EMPLOYEE, valid_from=date(2022, 1, 1))
    hospital = month.a_paid_hospital(since=date(2022, 1, 1))
    month.filed(hospital, Bill("old", worker, "900.00", on=date(2022, 11, 2)), Bill("new", worker, "900.00"))
    month.adjudicated()

    relief.a_status(worker, ReliefCategory.MARGINAL, valid_from=date(2022, 11, 1), valid_until=date(2022, 12, 1))

    assert list(PersonYear.objects.filter(is_due=True).values_list("year", flat=True)) == [2022]


@pytest.mark.django_db
def test_the_difference_of_a_settled_claim_says_which_fact_it_comes_from() -> None:
    worker = a_settled_worker()
    month.settled()
    people.a_recognition(worker, valid_from=IN_MAY)
    retire(worker)

    assert month.adjudicated().differences == 1

    # In service: 50 % of 800.00; retired: 60 % of 850.00.
    assert list(Adjustment.objects.values_list("amount", "reason")) == [(110_00, "参保变更")]
    assert waiting() == []
    assert set(PersonYear.objects.values_list("due_because", flat=True)) == {""}


@pytest.mark.django_db
@pytest.mark.usefixtures("as_application")
def test_a_clerk_of_another_county_brings_back_years_that_lie_beyond_his_wall() -> None:
    """A move: the new county ends the coverage of the old one, whose claims it cannot see."""
    worker = people.a_person(area_code=people.JIANGYOU)
    former = people.an_enrollment(worker, scheme=Scheme.EMPLOYEE)
    month.filed(month.a_paid_hospital(), Bill("1", worker, "1000.00"))
    month.adjudicated()
    clerk = people.a_clerk("", Duty.COUNTER, area_code=people.JIANGYOU)

    with walls.as_staff(clerk):
        assert not Claim.objects.exists()
        relief.a_status(worker, ReliefCategory.SUBSISTENCE, area_code=people.JIANGYOU, valid_from=date(2023, 5, 1))
        assert not Claim.objects.exists()

    assert former.area_id == people.YOUXIAN
    assert waiting() == [(worker.pk, "救助身份变更")]


def test_a_fact_that_arrives_while_its_year_is_being_adjudicated_is_not_lost(
    throwaway_database: ThrowawayDatabase,
) -> None:
    """The adjudicator has read the former fact and holds the year: the writer waits, and the year waits again."""
    with walls.as_system():
        worker = a_settled_worker()
        PersonYear.objects.filter(person=worker).update(is_due=True)
        is_held, may_go_on = threading.Event(), threading.Event()

        def adjudicate() -> None:
            with walls.as_system(), transaction.atomic():
                adjudication.adjudicate_due(by=None)
                is_held.set()
                may_go_on.wait(10)
            connection.close()

        def list_late() -> None:
            with walls.as_system():
                be_listed(worker)
            connection.close()

        adjudicator, writer = threading.Thread(target=adjudicate), threading.Thread(target=list_late)
        adjudicator.start()
        assert is_held.wait(10)
        writer.start()
        writer.join(0.5)
        assert writer.is_alive(), "the writer waits for the year"
        may_go_on.set()
        adjudicator.join(10)
        writer.join(10)

        assert waiting() == [(worker.pk, "救助身份变更")]
        month.adjudicated()
        assert Adjudication.objects.get(claim__person=worker, is_current=True).facts["relief"] == "subsistence"


@pytest.mark.django_db
def test_what_is_written_in_bulk_is_looked_at_in_one_statement() -> None:
    worker = a_settled_worker()
    month.filed(month.a_paid_hospital(), Bill("3", worker, "1000.00", Care.INPATIENT))
    month.adjudicated()
    for number in range(3):
        people.a_recognition(worker, f"M0390{number}", valid_from=date(2023, 6, 1))

    ChronicRecognition.objects.update(valid_from=date(2023, 5, 1))

    assert waiting() == [(worker.pk, "慢性病认定变更")]

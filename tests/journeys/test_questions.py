"""How little the fullest pages ask of the database, for each duty, and that more claims ask no more."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.kernel.terms import Care
from bureau.organization.terms import Duty
from enrollment.models import Person
from enrollment.services import people as people_services
from institutions.models import Institution
from tests.factories import month, people
from tests.factories.month import Bill
from tests.factories.relief import a_status

pytestmark = pytest.mark.django_db

DUTIES = (Duty.COUNTER, Duty.RELIEF, Duty.REVIEW_FIRST, Duty.AUDIT)
# The session, whose it is, the person, the line that says who looked; the claims with their sums; relief, the year for
# what is left of it, the release in force, coverage, its stretches, recognitions.
PERSON = 11
# The session, whose it is, the person, the line; coverage, recognitions; the log, an event table for each of three,
# who they were.
HISTORY = 11
# Who acts is told to the database at either end of the request, and of one step over its wall. It reads no table.
TOLD, TOLD_OVER_THE_WALL = 2, 4


def known_person() -> tuple[Person, Institution]:
    """Somebody with everything that a file can show, and two claims."""
    month.the_law()
    person = people.a_person(name="陈山")
    people_services.correct_person(
        person_id=person.pk, phone="13987001265", reason="换号", by=people.a_clerk("", Duty.COUNTER)
    )
    people.an_enrollment(person)
    people.a_recognition(person, valid_from=date(2023, 1, 1))
    a_status(person)
    hospital = month.a_paid_hospital()
    more_claims(person, hospital, "C-1", "C-2")
    return person, hospital


def more_claims(person: Person, hospital: Institution, *numbers: str) -> None:
    month.filed(hospital, *(Bill(number, person, "1000.00", Care.INPATIENT) for number in numbers))
    month.adjudicated()


def asked(client: Client, address: str) -> tuple[int, int, str]:
    """Questions, tellings who acts, and the page, when it is opened for the second time."""
    client.get(address)
    with CaptureQueriesContext(connection) as said:
        answer = client.get(address)
    assert answer.status_code == 200, address
    told = sum("set_config('walls.actor'" in one["sql"] for one in said)
    return len(said) - told, told, answer.content.decode()


def test_the_file_of_a_person_asks_eleven_questions_however_many_the_claims() -> None:
    person, hospital = known_person()
    address = f"/people/{person.pk}/"
    clients = {duty: Client() for duty in DUTIES}
    for duty, client in clients.items():
        client.force_login(people.a_clerk("", duty))
        *counted, page = asked(client, address)
        assert (counted[0] <= PERSON, counted[1] <= TOLD_OVER_THE_WALL) == (True, True), (duty, counted)
        assert "2 张，总额 2,000.00 元" in page

    more_claims(person, hospital, *(f"D-{number}" for number in range(20)))
    for duty, client in clients.items():
        *counted, page = asked(client, address)
        assert (counted[0] <= PERSON, counted[1] <= TOLD_OVER_THE_WALL) == (True, True), (duty, counted)
        assert "22 张，总额 22,000.00 元" in page
        assert "共 22 张，这里列最近 12 张" in page


def test_a_claim_takes_ten_queries_and_leads_to_what_happened_to_it() -> None:
    _, hospital = known_person()
    client = Client()
    client.force_login(people.a_clerk("", Duty.REVIEW_FIRST))
    address = f"/claims/{hospital.code}/C-1/"
    questions, told, page = asked(client, address)
    assert questions + told <= 10

    history = page.split('data-live="')[1].split('"')[0]
    questions, told, page = asked(client, history)
    assert questions + told <= 10
    assert "data-live-block" in page
    assert "将“状态”由“" in page


def test_what_happened_to_a_person_is_told_on_its_own_page_in_few_questions() -> None:
    person, _ = known_person()
    client = Client()
    client.force_login(people.a_clerk("", Duty.COUNTER))
    questions, told, page = asked(client, f"/people/{person.pk}/history/")
    assert (questions <= HISTORY, told <= TOLD) == (True, True), (questions, told)
    assert "将“联系电话”由“" in page
    assert "13987001265" not in page

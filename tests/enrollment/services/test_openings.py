"""Any outlet handles any matter (HZ-19): one file of another county, by its whole number, counted and written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ReadRecord
from enrollment.models import Person
from enrollment.selectors.people import id_index
from enrollment.services import lookups, reveal
from enrollment.terms import Hidden
from tests.factories import people
from tests.factories.people import JIANGYOU, YOUXIAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_application")]


def looked_up(number: str, by: Staff) -> Person | None:
    return lookups.by_number(number, screen="people", by=by)


def test_a_counter_opens_a_file_of_another_county_by_its_whole_number_and_sees_no_other(client: Client) -> None:
    counter = people.a_clerk("counter", Duty.COUNTER)
    person, other = people.a_person(area_code=JIANGYOU), people.a_person(area_code=JIANGYOU)
    people.an_enrollment(person, area_code=JIANGYOU)
    client.force_login(counter)
    assert client.get(f"/people/{person.pk}/").status_code == 404

    answer = client.post("/people/find/", {"q": person.id_number})

    assert answer["Location"] == f"/people/{person.pk}/"
    page = client.get(f"/people/{person.pk}/")
    assert page.status_code == 200
    assert "居民医保" in page.content.decode()
    assert client.get(f"/people/{other.pk}/").status_code == 404
    assert person.name not in client.get("/people/").content.decode()
    with walls.as_staff(counter):
        assert list(Person.objects.all()) == [person]
        assert Person.objects.update(phone="1") == 0


def test_the_box_on_top_finds_as_the_desk_does(client: Client) -> None:
    person = people.a_person(area_code=JIANGYOU)
    client.force_login(people.a_clerk("counter", Duty.COUNTER))

    assert client.post("/search/", {"q": person.id_number})["Location"] == f"/people/{person.pk}/"


def test_who_is_of_ones_own_county_is_found_without_opening_anything() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code="510704102")

    assert looked_up(person.id_number, counter) == person
    assert list(ReadRecord.objects.values_list("kind", "area_code")) == [("searched", "510704102")]
    assert not ActionLog.objects.filter(action="enrollment.person.opened_elsewhere").exists()


def test_each_try_is_written_down_with_the_outlet_and_both_counties_can_read_it() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)

    assert looked_up(person.id_number, counter) == person
    assert looked_up(people.an_id_number(JIANGYOU), counter) is None

    assert list(ReadRecord.objects.order_by("id").values_list("by", "kind", "subject_key", "area_code")) == [
        (counter.pk, "opened", str(person.pk), JIANGYOU),
        (counter.pk, "missed", "", YOUXIAN),
    ]
    logged = ActionLog.objects.get(action="enrollment.person.opened_elsewhere", by=counter)
    assert (logged.area_code, logged.detail) == (YOUXIAN, {"office": None, "area": JIANGYOU})
    with walls.as_staff(people.a_clerk(area_code=JIANGYOU)):
        assert [line.kind for line in ReadRecord.objects.all()] == ["opened"]
    with walls.as_staff(people.a_clerk(area_code=YOUXIAN)):
        assert [line.kind for line in ReadRecord.objects.all()] == ["missed"]
        assert ActionLog.objects.filter(pk=logged.pk).exists()


def test_one_quota_counts_searches_at_home_and_over_the_border(settings: Settings) -> None:
    settings.ID_SEARCHES_PER_HOUR = 2
    counter = people.a_clerk("counter", Duty.COUNTER)
    home, elsewhere = people.a_person(), people.a_person(area_code=JIANGYOU)
    looked_up(home.id_number, counter)
    looked_up(elsewhere.id_number, counter)

    for person in (home, elsewhere):
        with pytest.raises(BusinessError, match=r"trail\.search_quota"):
            looked_up(person.id_number, counter)

    assert looked_up(elsewhere.id_number, people.a_clerk("next", Duty.COUNTER)) == elsewhere


def test_the_database_counts_too_whatever_the_application_says(settings: Settings) -> None:
    settings.ID_SEARCHES_PER_HOUR = settings.ID_MISSES_PER_DAY = 1000
    guesser, busy = people.a_clerk("guesser", Duty.COUNTER), people.a_clerk("busy", Duty.COUNTER)
    person = people.a_person(area_code=JIANGYOU)
    for order in range(10):
        assert looked_up(people.an_id_number(JIANGYOU, order=order), guesser) is None
    for _ in range(60):
        assert looked_up(person.id_number, busy) == person

    for counter in (guesser, busy):
        with pytest.raises(BusinessError, match=r"trail\.search_quota"):
            looked_up(person.id_number, counter)
    assert ReadRecord.objects.count() == 70


def test_after_an_hour_the_file_is_closed_again(client: Client) -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO trail_readrecord (by_id, kind, screen, subject_kind, subject_key, area_code, at)"
            " VALUES (%s, 'opened', 'people', 'person', %s, %s, %s)",
            [counter.pk, str(person.pk), JIANGYOU, timezone.now() - timedelta(minutes=61)],
        )
    client.force_login(counter)

    with walls.as_staff(counter):
        assert not Person.objects.exists()
    assert client.get(f"/people/{person.pk}/").status_code == 404


def test_of_an_opened_file_a_number_is_shown_with_a_reason() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)
    looked_up(person.id_number, counter)

    with walls.as_staff(counter):
        shown = reveal.reveal(person_id=person.pk, hidden=Hidden.ID_NUMBER, reason="核对住院登记", by=counter)

    assert shown == person.id_number
    assert ReadRecord.objects.get(kind="revealed").area_code == JIANGYOU


def test_only_a_counter_and_only_the_function_opens() -> None:
    clerk, person = people.a_clerk("relief", Duty.RELIEF), people.a_person(area_code=JIANGYOU)

    assert looked_up(person.id_number, clerk) is None
    with walls.as_staff(clerk), pytest.raises(ProgrammingError, match="须由综合柜员"), transaction.atomic():
        lookups._open(id_index(person.id_number), "people")
    with walls.as_staff(clerk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        ReadRecord.objects.create(kind="opened", subject_kind="person", subject_key=str(person.pk), by=clerk)


def test_the_way_over_the_wall_is_the_functions_alone() -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT walls_state_system()")
    counter = people.a_clerk("counter", Duty.COUNTER)
    people.a_person(area_code=JIANGYOU)
    with walls.as_staff(counter):
        lookups._open(id_index(people.an_id_number(JIANGYOU, order=7)), "people")
        assert not Person.objects.exists()

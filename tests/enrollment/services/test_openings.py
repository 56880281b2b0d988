"""Any outlet handles any matter (HZ-19): one file of another county, by its whole number, counted and written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from enrollment.models import Opening, Person
from enrollment.services import openings
from tests.factories import people
from tests.factories.people import JIANGYOU, YOUXIAN

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_application")]


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


def test_each_try_is_written_down_with_the_outlet_and_both_counties_can_read_it() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)

    assert openings.open_elsewhere(id_number=person.id_number, by=counter) == person.pk
    assert openings.open_elsewhere(id_number=people.an_id_number(JIANGYOU), by=counter) is None

    assert list(Opening.objects.order_by("id").values_list("staff", "person", "area")) == [
        (counter.pk, person.pk, JIANGYOU),
        (counter.pk, None, YOUXIAN),
    ]
    assert ActionLog.objects.filter(action="enrollment.person.opened_elsewhere", by=counter).count() == 2
    with walls.as_staff(people.a_clerk(area_code=JIANGYOU)):
        assert Opening.objects.count() == 1


def test_thirty_tries_an_hour_and_misses_count() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)
    for order in range(30):
        assert openings.open_elsewhere(id_number=people.an_id_number(JIANGYOU, order=order), by=counter) is None

    with pytest.raises(BusinessError, match=r"enrollment\.too_many_openings"):
        openings.open_elsewhere(id_number=person.id_number, by=counter)

    assert Opening.objects.count() == 30
    assert openings.open_elsewhere(id_number=person.id_number, by=people.a_clerk("next", Duty.COUNTER)) == person.pk


def test_after_an_hour_the_file_is_closed_again() -> None:
    counter, person = people.a_clerk("counter", Duty.COUNTER), people.a_person(area_code=JIANGYOU)
    long_ago = timezone.now() - timedelta(minutes=61)
    Opening.objects.create(staff=counter, person=person, area_id=JIANGYOU, opened_at=long_ago)

    with walls.as_staff(counter):
        assert not Person.objects.exists()


def test_only_a_counter_and_only_the_function_opens() -> None:
    clerk, person = people.a_clerk("relief", Duty.RELIEF), people.a_person(area_code=JIANGYOU)

    with pytest.raises(BusinessError, match=r"enrollment\.duty"):
        openings.open_elsewhere(id_number=person.id_number, by=clerk)
    with walls.as_staff(clerk), pytest.raises(ProgrammingError, match="须由综合柜员"), transaction.atomic():
        openings._open(person.id_number)
    with walls.as_staff(clerk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        Opening.objects.create(staff=clerk, person=person, area_id=YOUXIAN, opened_at=timezone.now())


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
        openings._open(people.an_id_number(JIANGYOU, order=7))
        assert not Person.objects.exists()

"""What a row was before is kept by the database, whichever way it was changed, with who and by which door."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from bureau import walls
from bureau.celery import NamedTask, app
from bureau.fields import rotation
from bureau.fields.history import DELETED, INSERTED, UPDATED, events_of
from bureau.organization.models import Staff
from bureau.organization.services import staffing
from bureau.organization.terms import Duty
from enrollment.models import Person
from enrollment.services import people as people_services
from relief.models import ReliefStatus
from tests.factories import people
from tests.factories.people import JIANGYOU, YOUXIAN
from tests.factories.relief import a_status

pytestmark = pytest.mark.django_db
PersonEvent, StaffEvent, StatusEvent = (events_of(model) for model in (Person, Staff, ReliefStatus))


def history(events, *columns: str) -> list[tuple]:
    return list(events.objects.order_by("pgh_id").values_list("pgh_label", *columns))


class TestWhatIsKept:
    def test_each_former_state_and_that_a_row_was_made(self) -> None:
        person = people.a_person(name="林一")
        Person.objects.filter(pk=person.pk).update(name="林二")
        Person.objects.filter(pk=person.pk).update(name="林三")

        assert history(PersonEvent, "name") == [(INSERTED, "林一"), (UPDATED, "林一"), (UPDATED, "林二")]

    def test_an_update_that_says_the_same_again_is_none(self) -> None:
        people.a_person(name="林一")
        Person.objects.update(name="林一")
        assert history(PersonEvent) == [(INSERTED,)]

    def test_bulk_sql_is_followed_row_by_row_and_a_deleted_row_stays_known(self) -> None:
        first, second = people.a_person(name="甲"), people.a_person(name="乙")
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE enrollment_person SET name = arrived.name"
                " FROM unnest(%s::bigint[], %s::text[]) AS arrived(id, name) WHERE enrollment_person.id = arrived.id",
                [[first.pk, second.pk], ["甲", "丙"]],
            )
            cursor.execute("DELETE FROM enrollment_person WHERE id = %s", [first.pk])

        assert history(PersonEvent, "pgh_obj_id", "name")[2:] == [
            (UPDATED, second.pk, "乙"),
            (DELETED, first.pk, "甲"),
        ]

    def test_what_a_batch_brought_needs_no_event_of_its_making(self) -> None:
        status = a_status(people.a_person())
        assert history(StatusEvent) == []
        ReliefStatus.objects.filter(pk=status.pk).update(town="石马镇")
        assert history(StatusEvent, "town") == [(UPDATED, status.town)]

    def test_numbers_stay_ciphertext_and_a_rotation_leaves_them(self) -> None:
        person = people.a_person()
        number = person.id_number
        Person.objects.filter(pk=person.pk).update(name="改")
        assert PersonEvent.objects.first().id_number == number
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number FROM enrollment_personevent")
            assert all(bytes(row[0])[0] == 1 and number.encode() not in bytes(row[0]) for row in cursor.fetchall())

        list(rotation.rotate())
        list(rotation.reindex())
        checked = {(table, column): (seen, wrong) for table, column, seen, wrong in rotation.verify()}
        assert checked["enrollment_personevent", "id_number"][0] >= 2
        assert all(wrong == 0 for _, wrong in checked.values())
        kept = {usage.table for usage in rotation.usages() if usage.is_kept}
        assert "enrollment_personevent" in kept

    @pytest.mark.parametrize("statement", ["UPDATE {} SET name = ''", "DELETE FROM {}", "TRUNCATE {}"])
    def test_an_event_stays(self, statement: str) -> None:
        people.a_person()
        _immediately()
        with pytest.raises(IntegrityError, match="变更历史只增不改"), transaction.atomic():
            connection.cursor().execute(statement.format("enrollment_personevent"))

    def test_a_tracked_table_is_not_emptied(self) -> None:
        people.a_person()
        _immediately()
        with pytest.raises(IntegrityError, match="变更历史只增不改"), transaction.atomic():
            connection.cursor().execute("TRUNCATE enrollment_person CASCADE")

    def test_sign_in_and_password_leave_no_event(self) -> None:
        clerk = people.a_clerk()
        before = StaffEvent.objects.count()
        with walls.as_nobody():
            Staff.objects.filter(pk=clerk.pk).update(last_login="2023-05-01T00:00Z", password="x")
        assert StaffEvent.objects.count() == before
        staffing.suspend(clerk, reason="退休", by=None)
        assert StaffEvent.objects.order_by("-pgh_id").first().is_active is True


def _immediately() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestWhoAndByWhichDoor:
    def test_a_person_through_a_page(self) -> None:
        administrator, clerk = people.a_clerk("", Duty.SYSTEM, area_code="510700"), people.a_clerk("lin")
        client = Client()
        client.force_login(administrator)
        typed = {"full_name": "林知夏", "area": JIANGYOU, "office": "", "password": "", "is_active": "on"}
        answer = client.post(
            reverse("admin:organization_staff_change", args=[clerk.pk]),
            {**typed, "duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"},
        )

        assert answer.status_code == 302, answer.content.decode()
        events = StaffEvent.objects.filter(pgh_obj_id=clerk.pk, pgh_label=UPDATED).order_by("pgh_id")
        assert {(event.pgh_by, event.pgh_via) for event in events} == {
            (administrator.pk, "admin:organization_staff_change")
        }
        assert (events[0].full_name, events[0].area_id) == (clerk.full_name, YOUXIAN)

    def test_stays_the_person_where_a_service_steps_over_the_wall(self) -> None:
        clerk, person = people.a_clerk(), people.a_person()
        with walls.through("enrollment:person"), walls.as_staff(clerk), walls.as_system():
            Person.objects.filter(pk=person.pk).update(name="改")
        event = PersonEvent.objects.filter(pgh_label=UPDATED).get()
        assert (event.pgh_by, event.pgh_via) == (clerk.pk, "enrollment:person")

    def test_a_task_by_its_name_and_a_command_by_its_own(self) -> None:
        person = people.a_person()

        @app.task(name="tests.rename", base=NamedTask)
        def rename() -> None:
            with walls.as_nobody(), walls.as_system():
                Person.objects.filter(pk=person.pk).update(name="改")

        rename()
        event = PersonEvent.objects.filter(pgh_label=UPDATED).get()
        assert (event.pgh_by, event.pgh_via) == (None, "tests.rename")
        assert issubclass(type(app.tasks["trail.seal"]), NamedTask)

    def test_nobodys_statement_is_no_persons(self) -> None:
        with walls.as_nobody(), connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('walls.deed')")
            assert cursor.fetchone()[0].split(" ")[0] == ""


class TestWhoMayRead:
    def test_a_county_reads_the_history_of_its_own_rows_and_writes_none(self, as_application: None) -> None:
        own, foreign = people.a_person(), people.a_person(area_code=JIANGYOU)
        Person.objects.update(name="改")
        clerk = people.a_clerk(area_code=YOUXIAN)
        with walls.as_staff(clerk):
            assert set(PersonEvent.objects.values_list("pgh_obj_id", flat=True)) == {own.pk}
        with walls.as_staff(people.a_clerk(area_code=JIANGYOU)):
            assert set(PersonEvent.objects.values_list("pgh_obj_id", flat=True)) == {foreign.pk}
        with walls.as_nobody():
            assert not PersonEvent.objects.exists()

    def test_a_person_who_moved_takes_no_former_event_along(self) -> None:
        person = people.a_person()
        with walls.moving("enrollment_person"):
            Person.objects.filter(pk=person.pk).update(area_id=JIANGYOU)
        with walls.as_staff(people.a_clerk(area_code=JIANGYOU)):
            assert not PersonEvent.objects.exists()


def test_a_corrected_telephone_is_one_event_beside_its_line_in_the_log() -> None:
    person = people.a_person()
    people_services.correct_person(person_id=person.pk, phone="13987001265", reason="本人来电", by=people.a_clerk())
    assert [label for (label,) in history(PersonEvent)] == [INSERTED, UPDATED]

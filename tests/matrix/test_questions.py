"""Questions asked by address: every column of every table by every lookup, and rights that end while somebody works."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from bureau.console.model_admin import MASKED
from bureau.organization.models import DutyAssignment
from bureau.organization.selectors import scope
from bureau.organization.terms import Duty
from tests.factories import people
from tests.matrix import doors, judging
from tests.matrix.city import PLACES, City
from tests.matrix.judging import said
from tests.matrix.visits import ASKED, Answer, Guests

LOOKUPS = ("exact", "startswith", "regex", "gt", "in", "isnull")
LISTS = sorted((model._meta.label for model in admin.site._registry), key=str)
REFUSED = (302, 400, 403)


def questions(label: str) -> Iterator[tuple[str, str]]:
    """Column and lookup, of the table itself and one step along its keys."""
    model = next(model for model in admin.site._registry if model._meta.label == label)
    for column in model._meta.concrete_fields:
        near = column.related_model._meta.concrete_fields if column.is_relation else ()
        for path in (column.name, *(f"{column.name}__{far.name}" for far in near)):
            yield from ((path, lookup) for lookup in LOOKUPS)


def rows(answer: Answer) -> list[str]:
    """What a list shows, row by row."""
    body = answer.text
    return body[body.find("<tbody") : body.find("</tbody")].split("<tr")


@pytest.mark.parametrize("label", LISTS)
def test_a_list_answers_no_question_that_it_does_not_offer(city: City, guests: Guests, label: str) -> None:
    """Refused, or the list as it was; what it offers changes it, and never along a masked column."""
    visitor = guests.of(*Duty, place="Y")
    path = reverse(f"admin:{label.lower().replace('.', '_')}_changelist")
    table = next(table for model, table in admin.site._registry.items() if model._meta.label == label)
    whole = rows(visitor.get(path))
    filters = [one[0] if isinstance(one, tuple) else one for one in table.list_filter]
    offered = {str(getattr(one, "parameter_name", one)) for one in filters} | {table.date_hierarchy}
    found = []
    for column, lookup in questions(label):
        answer = visitor.get(path, {f"{column}__{lookup}": "5"})
        where = f"{path}?{column}__{lookup}"
        if visitor.may_not_see(answer):
            found.append(f"{where} shows another place")
        is_answered = answer.status == 200 and rows(answer) != whole
        if answer.status not in (200, *REFUSED):
            found.append(f"{where}: {answer.status}")
        elif is_answered and (column.rpartition("__")[2] in MASKED or not _is_offered(column, offered)):
            found.append(f"{where} is answered")
    assert not found, said(found)


def _is_offered(column: str, offered: set[str]) -> bool:
    return any(column == name or column.startswith(f"{name}__") for name in offered if name)


@pytest.mark.parametrize("name", [name for name in doors.lines() if ":" in name and not name.startswith("admin:")])
def test_a_filter_of_a_desk_shows_no_other_place(city: City, guests: Guests, name: str) -> None:
    visitor = guests.of(*Duty, place="Y")
    found = []
    for door in doors.doors(city):
        if door.name != name or judging.is_foreign(visitor, door):
            continue
        for value in (PLACES["J"], city.keys["code", "J"], city.keys["person_id", "J"], "2023-05"):
            for parameter in ("area", "institution", "q", "month", "source", "account", "version", "of"):
                answer = visitor.get(door.path, {parameter: value})
                shown = judging.of_contents(visitor, door, answer, f"{door.path}?{parameter}={value}", sent=value)
                found += list(shown)
    assert not found, said(found)


class TestRightsThatEnd:
    """With the next request: no sign-out, no wait."""

    def working(self, guests: Guests, name: str, *duties: Duty, place: str = "Y"):
        staff = people.a_clerk(name, *duties, area_code=PLACES[place])
        return guests.signed_in(staff, name=name, place=place)

    def test_a_duty(self, city: City, guests: Guests) -> None:
        visitor = self.working(guests, "ends-duty", Duty.FINANCE)
        assert visitor.get("/funds/entries/").status == 200

        DutyAssignment.objects.filter(staff=visitor.staff).update(valid_until=timezone.localdate())

        assert visitor.get("/funds/entries/").status == 403
        assert visitor.post("/settlement/2023-05/payments.csv").status == 403

    def test_a_duty_begins_on_its_day_and_not_before(self, city: City, guests: Guests) -> None:
        visitor = self.working(guests, "begins-duty", Duty.FINANCE)
        tomorrow: date = timezone.localdate() + timedelta(days=1)
        DutyAssignment.objects.filter(staff=visitor.staff).update(valid_from=tomorrow)

        assert visitor.get("/funds/entries/").status == 403

    def test_an_area(self, city: City, guests: Guests) -> None:
        visitor = self.working(guests, "changes-area", Duty.COUNTER)
        at_home, elsewhere = (f"/people/{city.keys['person_id', place]}/" for place in "YJ")
        assert (visitor.get(at_home).status, visitor.get(elsewhere).status) == (200, 404)

        get_user_model().objects.filter(pk=visitor.staff.pk).update(area_id=PLACES["J"])

        assert (visitor.get(at_home).status, visitor.get(elsewhere).status) == (404, 200)

    def test_an_account(self, city: City, guests: Guests) -> None:
        visitor = self.working(guests, "ends-account", Duty.COUNTER)
        assert visitor.get("/people/").status == 200

        get_user_model().objects.filter(pk=visitor.staff.pk).update(is_active=False)

        assert all(judging.is_at_the_door(visitor.get(path)) for path in ("/people/", "/", "/claims/"))


@pytest.mark.parametrize("part", range(4))
def test_with_all_scoping_taken_from_python_the_database_still_shows_no_other_place(
    city: City, guests: Guests, monkeypatch: pytest.MonkeyPatch, part: int
) -> None:
    """The second wall, over every address: no canary of a table that stands behind it (decision 22)."""
    visitor = guests.of(*Duty, place="Y")
    for module in list(sys.modules.values()):
        for name, everything in (
            ("narrow", lambda rows, by, **_: rows),
            ("narrow_codes", lambda rows, by, **_: rows),
            ("is_city", lambda by: True),
            ("covers", lambda by, area_code: True),
        ):
            if getattr(module, name, None) is ORIGINAL[name]:
                monkeypatch.setattr(module, name, everything)
    found = []
    for door in doors.doors(city)[part::4]:
        answer = visitor.get(door.path)
        shown = visitor.may_not_see(answer, asked=door.path, only_walled=True)
        if shown or answer.status >= 500:
            found.append(f"{door.path} ({door.name}): {answer.status} {sorted(shown)[:5]}")
    assert not found, said(found)
    assert ASKED["GET"] > 0


ORIGINAL = {name: getattr(scope, name) for name in ("narrow", "narrow_codes", "is_city", "covers")}

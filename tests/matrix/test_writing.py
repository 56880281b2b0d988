"""Everybody sends every form: done where the file says so, refused elsewhere, and no row of another place changes."""

from __future__ import annotations

from functools import cache

import pytest
from django.db import transaction
from django.test import Client

from bureau.organization.terms import Duty
from tests.matrix import doors, forms, judging
from tests.matrix.city import PLACES, PLACES_OF_STAFF, City
from tests.matrix.judging import said
from tests.matrix.visits import ASKED, OF_REQUESTS, Answer, Guests, Visitor

MUST_HAVE_A_FORM = "an address that takes a form needs one in tests/matrix/forms.py"
# Forms with the records of five places, and the addresses that take none with one record each.
HOW_MANY = 310


@cache
def sent_to(city: City) -> tuple[doors.Door, ...]:
    """Every door that takes a form with every place's record; of the others one record."""
    found: list[doors.Door] = []
    seen: set[str] = set()
    for door in doors.doors(city):
        if door.rule.post or door.name not in seen:
            seen.add(door.name)
            found.append(door)
    return tuple(found)


def sent_everything(visitor: Visitor, held: frozenset[str], city: City) -> list[str]:
    """Findings of one who sends to every address; that less was sent is one as well."""
    before, everything = ASKED["POST"], sent_to(city)
    found = list(judging.of_writing(visitor, held, everything))
    if not ASKED["POST"] - before == len(everything) >= HOW_MANY:
        found.append(f"{visitor} sent {ASKED['POST'] - before} times at {len(everything)} doors")
    return found


def test_every_address_that_takes_a_form_has_one(city: City) -> None:
    signing = {"portal:code", "portal:enroll", "portal:sign_out", "admin:logout"}
    without = {
        door.name for door in doors.doors(city) if door.rule.post and not forms.for_door(door, city, door.place or "Y")
    }
    assert without == signing, MUST_HAVE_A_FORM


@pytest.mark.parametrize("place", PLACES_OF_STAFF)
@pytest.mark.parametrize("duty", list(Duty), ids=str)
def test_does_what_the_duty_may_and_reaches_no_other_place(city: City, guests: Guests, duty: Duty, place: str) -> None:
    found = sent_everything(guests.of(duty, place=place), frozenset({str(duty)}), city)

    assert not found, said(found)


@pytest.mark.parametrize("place", PLACES_OF_STAFF)
def test_with_every_duty_no_other_place_is_reached(city: City, guests: Guests, place: str) -> None:
    found = sent_everything(guests.of(*Duty, place=place), doors.EVERYBODY, city)

    assert not found, said(found)


@pytest.mark.parametrize("who", ["nobody", "suspended", "no duty"])
def test_without_duty_or_sign_in_nothing_is_done(city: City, guests: Guests, who: str) -> None:
    visitor = guests.of(place="Y") if who == "no duty" else getattr(guests, who)()

    found = sent_everything(visitor, frozenset(), city)

    assert not found, said(found)


def test_no_form_is_taken_without_its_token(city: City, guests: Guests) -> None:
    """With the check of forged requests on, which test clients leave out: each address that takes a form refuses."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(guests.of(*Duty, place="C").staff)
    taken = []
    # Keys come without cookies, which is all that a forged request could use.
    for door in (door for door in doors.doors(city) if not door.rule.is_by_key):
        with transaction.atomic():
            answer = client.post(door.path, forms.for_door(door, city, "C"))
            transaction.set_rollback(True)
        if answer.status_code not in (403, 404, 405):
            taken.append(f"{door.path}: {answer.status_code}")
    assert taken == []


class TestKeysOfOthers:
    """The key of a foreign row in a form: refused, and where its existence is no public thing, as one that is not."""

    # Form, field, whose key; and the key that does not exist.
    SECRET = (("organization.DutyAssignment add", "staff", "J", "999999"), ("relief:roster_upload", "area", "J", "9"))
    # Places and designated institutions are public knowledge; they are refused all the same.
    PUBLIC = (
        ("organization.Staff add", "area", "C"),
        ("organization.Office add", "area", "J"),
        ("organization.InstitutionKey add", "institution_code", "J"),
        ("claims:intake", "institution", "J"),
    )

    def answer(self, city: City, guests: Guests, name: str, field: str, key: str) -> Answer:
        door = next(door for door in doors.doors(city) if door.name == name)
        visitor = guests.of(*Duty, place="Y")
        answer = visitor.post(door.path, forms.for_door(door, city, "Y") | {field: key})
        assert not answer.written.difference(OF_REQUESTS), f"{name}: something is written"
        assert answer.status in (200, 403, 409, 422)
        assert not visitor.may_not_see(answer, asked=key)
        return answer

    @pytest.mark.parametrize(("name", "field", "place", "nothing"), SECRET)
    def test_are_as_absent_as_none(self, city, guests, name: str, field: str, place: str, nothing: str) -> None:
        key = PLACES[place] if field == "area" else city.keys["staff_id", place]

        foreign = judging.sentences(self.answer(city, guests, name, field, key), key)

        assert foreign == judging.sentences(self.answer(city, guests, name, field, nothing), nothing)
        assert foreign, "the refusal says something"

    @pytest.mark.parametrize(("name", "field", "place"), PUBLIC)
    def test_are_refused(self, city, guests, name: str, field: str, place: str) -> None:
        key = PLACES[place] if field == "area" else city.keys["code", place]

        self.answer(city, guests, name, field, key)

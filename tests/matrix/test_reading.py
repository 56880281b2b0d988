"""Everybody opens everything: what the file allows opens, what it does not stays shut, and no answer bears a canary."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from bureau.organization.terms import Duty
from tests.factories import people
from tests.matrix import doors, judging
from tests.matrix.city import PLACES, City
from tests.matrix.judging import said
from tests.matrix.visits import ASKED, Guests

# Those with every duty stand in all places and ask for all records. One duty alone stands for its class: in a county
# (the other mirrors it, a town sees less of the same) and in the city, asking for its own and a foreign record.
PLACES_OF_STAFF = ("Y", "T", "J", "C")
FEW = ("", "Y", "J")


@pytest.mark.parametrize("place", ["Y", "C"])
@pytest.mark.parametrize("duty", list(Duty), ids=str)
def test_opens_what_the_duty_needs_and_shows_no_other_place(city: City, guests: Guests, duty: Duty, place: str) -> None:
    before = ASKED["GET"]
    asked = [door for door in doors.doors(city) if door.place in FEW]

    found = list(judging.of_reading(guests.of(duty, place=place), frozenset({str(duty)}), asked))

    assert not found, said(found)
    assert ASKED["GET"] - before >= len(asked) >= 170


@pytest.mark.parametrize("place", PLACES_OF_STAFF)
def test_with_every_duty_there_is_still_no_other_place(city: City, guests: Guests, place: str) -> None:
    everything = guests.of(*Duty, place=place)

    found = list(judging.of_reading(everything, doors.EVERYBODY, doors.doors(city)))

    assert not found, said(found)


def test_without_a_duty_only_what_is_everybodys_opens(city: City, guests: Guests) -> None:
    found = list(judging.of_reading(guests.of(place="Y"), frozenset(), doors.doors(city)))

    assert not found, said(found)


def test_who_is_not_signed_in_is_led_to_the_door(city: City, guests: Guests) -> None:
    found = list(judging.of_reading(guests.nobody(), frozenset(), doors.doors(city)))

    assert not found, said(found)


def test_who_is_suspended_is_led_to_the_door(city: City, guests: Guests) -> None:
    staff = people.a_clerk("suspended", Duty.FINANCE, area_code=PLACES["C"])
    visitor = guests.signed_in(staff, name="suspended", place="")
    get_user_model().objects.filter(pk=staff.pk).update(is_active=False)
    visitor.staff = None

    found = list(judging.of_reading(visitor, frozenset(), doors.doors(city)))

    assert not found, said(found)


def test_what_is_looked_for_is_there_to_be_seen(city: City, guests: Guests) -> None:
    """The city sees the canaries of every place: without that, an answer without any would say nothing."""
    everything = guests.of(*Duty, place="C")
    seen: dict[str, set[str]] = {place: set() for place in PLACES}
    everything.sees = ""
    for door in doors.doors(city):
        for found in everything.may_not_see(everything.get(door.path)):
            place = found[5] if found.startswith("Z") and found[5] in PLACES else city.words.get(found, "C")
            seen[place].add(found)

    assert all(len(found) >= 25 for found in seen.values()), {place: len(found) for place, found in seen.items()}


def test_every_page_lets_one_sign_out(city: City, guests: Guests) -> None:
    everything = guests.of(*Duty, place="C")
    pages = {}
    for door in doors.doors(city):
        answer = everything.get(door.path)
        if answer.status == 200 and "<html" in answer.text[:2000] and not door.rule.is_public:
            pages[door.path] = 'action="/logout/"' in answer.text

    assert len(pages) >= 100
    assert [path for path, may_go in pages.items() if not may_go] == []

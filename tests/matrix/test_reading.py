"""Everybody opens everything: what the file allows opens, what it does not stays shut, and no answer bears a canary."""

from __future__ import annotations

import pytest

from bureau.organization.terms import Duty
from tests.matrix import doors, judging
from tests.matrix.city import PLACES, PLACES_OF_STAFF, City
from tests.matrix.judging import said
from tests.matrix.visits import ASKED, Guests, Visitor

# Addresses with the records of five places.
HOW_MANY = 530


def asked_everything(visitor: Visitor, held: frozenset[str], city: City) -> list[str]:
    """Findings of one who opens every address; that fewer were asked is one as well."""
    before, everything = ASKED["GET"], doors.doors(city)
    found = list(judging.of_reading(visitor, held, everything))
    if not ASKED["GET"] - before >= len(everything) >= HOW_MANY:
        found.append(f"{visitor} asked {ASKED['GET'] - before} times at {len(everything)} doors")
    return found


@pytest.mark.parametrize("place", PLACES_OF_STAFF)
@pytest.mark.parametrize("duty", list(Duty), ids=str)
def test_opens_what_the_duty_needs_and_shows_no_other_place(city: City, guests: Guests, duty: Duty, place: str) -> None:
    found = asked_everything(guests.of(duty, place=place), frozenset({str(duty)}), city)

    assert not found, said(found)


@pytest.mark.parametrize("place", PLACES_OF_STAFF)
def test_with_every_duty_there_is_still_no_other_place(city: City, guests: Guests, place: str) -> None:
    found = asked_everything(guests.of(*Duty, place=place), doors.EVERYBODY, city)

    assert not found, said(found)


def test_without_a_duty_only_what_is_everybodys_opens(city: City, guests: Guests) -> None:
    found = asked_everything(guests.of(place="Y"), frozenset(), city)

    assert not found, said(found)


@pytest.mark.parametrize("who", ["nobody", "suspended"])
def test_who_is_not_signed_in_is_led_to_the_door(city: City, guests: Guests, who: str) -> None:
    found = asked_everything(getattr(guests, who)(), frozenset(), city)

    assert not found, said(found)


def test_nineteen_duties_ask_in_four_places() -> None:
    assert len(Duty) >= 19
    assert PLACES_OF_STAFF == ("Y", "T", "J", "C")


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

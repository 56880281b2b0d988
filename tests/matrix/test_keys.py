"""Keys of institutions as those who ask: each its own institution, nobody another's, and none after it is revoked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import transaction

from bureau.organization.models import InstitutionKey
from bureau.organization.services import institution_keys
from bureau.trail.models import ImportBatch
from claims.models import Claim, ClaimRow
from enrollment.models import Person
from tests.matrix import doors, judging
from tests.matrix.city import PLACES, City
from tests.matrix.judging import is_foreign, of_the_county, said
from tests.matrix.visits import ASKED, OF_REQUESTS, Answer, Guests, Visitor

QUERIES = {"claims:api_claims": "month=2023-05"}
HANDING_IN = "claims:api_claim_files"


def claim_file(city: City) -> dict[str, Any]:
    """A complete file: one claim of a person of each place, all of which a hospital may treat."""
    people = {place: Person.objects.get(pk=city.keys["person_id", place]) for place in PLACES}
    return {
        "month": "2023-07",
        "claims": [
            {
                "number": f"NEW-{order}",
                "id_number": person.id_number,
                "name": person.name,
                "service_date": "2023-07-05",
                "care": "inpatient",
                "total": "3000.00",
            }
            for order, person in enumerate(people.values())
        ],
    }


def hand_in(visitor: Visitor, path: str) -> Answer:
    """The same file under the same idempotency key, whoever sends it; what was done stands."""
    body = json.dumps(claim_file(visitor.city)).encode()
    return visitor.ask("POST", path, body, "application/json", HTTP_IDEMPOTENCY_KEY="matrix-0001")


def ask(visitor: Visitor, door: doors.Door, path: str = "") -> Answer:
    if door.name != HANDING_IN:
        return visitor.send("GET", path or door.path, QUERY_STRING=QUERIES.get(door.name, ""))
    with transaction.atomic():
        answer = hand_in(visitor, door.path)
        transaction.set_rollback(True)
    return answer


def of_the_interface(city: City) -> list[doors.Door]:
    return [door for door in doors.doors(city) if door.rule.is_by_key]


def beyond(code: str) -> list[Any]:
    """All that other institutions have handed in."""
    batches = ImportBatch.objects.filter(kind="claims").exclude(source=code)
    rows = (
        Claim.objects.exclude(institution__code=code),
        batches,
        ClaimRow.objects.filter(batch__in=batches.values("pk")),
    )
    return [list(some.order_by("pk").values()) for some in rows]


@pytest.mark.parametrize("place", PLACES)
def test_a_key_sees_its_own_institution_alone(city: City, guests: Guests, place: str) -> None:
    visitor = guests.by_key(place)
    opened = set()
    for door in of_the_interface(city):
        answer = ask(visitor, door)
        shown = visitor.may_not_see(answer, asked=door.path)
        # The claims of a town's hospital lie in the county that insures.
        assert not shown - of_the_county(visitor, shown, place), door.path
        assert not [f"Y-{other}-" for other in PLACES if other != place and f"Y-{other}-" in answer.text], door.path
        assert not visitor.whole_numbers(answer), door.path
        if is_foreign(visitor, door):
            nothing = ask(visitor, door, door.absent)
            assert (answer.status, answer.body) == (nothing.status, nothing.body), door.path
            assert answer.status == 404
        elif answer.status in (200, 201):
            opened.add(door.name)
    names = ("institution", "claim_files", "claim_file", "claims", "statements", "statement")
    assert opened == {f"claims:api_{name}" for name in names}


@pytest.mark.parametrize("place", PLACES)
def test_what_a_key_hands_in_is_its_own_institutions(city: City, guests: Guests, place: str) -> None:
    """After another institution handed in the very same under the very same idempotency key."""
    (path,) = {door.path for door in of_the_interface(city) if door.name == HANDING_IN}
    visitor, other = guests.by_key(place), guests.by_key("J" if place == "Y" else "Y")
    code = city.keys["code", place]
    with transaction.atomic():
        theirs = json.loads(hand_in(other, path).body)
        former = beyond(code)
        answer = hand_in(visitor, path)
        taken = json.loads(answer.body)

        assert answer.status == 201
        assert (taken["rows"], taken["recognized"]) == (len(PLACES), False)
        assert taken["accepted"] >= 1
        assert not visitor.whole_numbers(answer)
        assert beyond(code) == former
        new = Claim.objects.filter(number__startswith="NEW-", institution__code=code)
        assert new.count() == taken["accepted"]
        assert ImportBatch.objects.get(pk=taken["id"]).source == code
        # And neither reads the other's file.
        for one, key in ((visitor, theirs["id"]), (other, taken["id"])):
            assert one.get(f"{path}/{key}").status == 404
        transaction.set_rollback(True)


@pytest.mark.parametrize("place", PLACES)
def test_a_key_opens_no_desk_and_no_table(city: City, guests: Guests, place: str) -> None:
    """Opened and sent to: to all but the interface a key is as good as none."""
    visitor, before = guests.by_key(place), ASKED.total()
    asked = [door for door in doors.doors(city) if not door.rule.is_by_key]

    found = [
        *judging.of_reading(visitor, frozenset(), asked),
        *judging.of_writing(visitor, frozenset(), asked),
    ]

    assert not found, said(found)
    assert ASKED.total() - before == 2 * len(asked) >= 1000


def test_a_revoked_key_sees_nothing_and_does_nothing(city: City, guests: Guests) -> None:
    """And neither does one that never was."""
    key = InstitutionKey.objects.get(institution_code=city.keys["code", "Y"])
    visitor, stranger = guests.by_key("Y"), guests.by_key("Y")
    stranger.key = "ybk_" + "0" * 40
    wrong = [ask(stranger, door) for door in of_the_interface(city)]
    with transaction.atomic():
        institution_keys.revoke(key, reason="系统停用，不再调用", by=None)
        revoked = [ask(visitor, door) for door in of_the_interface(city)]
        transaction.set_rollback(True)

    assert {answer.status for answer in wrong + revoked} == {401}
    assert not [answer.written for answer in wrong + revoked if answer.written.difference(OF_REQUESTS)]

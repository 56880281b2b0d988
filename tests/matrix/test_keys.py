"""Keys of institutions as those who ask: each its own institution, nobody another's, and none after it is revoked."""

from __future__ import annotations

import json

import pytest
from django.db import transaction

from bureau.organization.models import InstitutionKey
from bureau.organization.services import institution_keys
from tests.matrix import doors
from tests.matrix.city import PLACES, City
from tests.matrix.judging import is_foreign
from tests.matrix.visits import OF_REQUESTS, Answer, Visitor

QUERIES = {"claims:api_claims": "month=2023-05"}


def by_key(city: City, place: str) -> Visitor:
    visitor = Visitor(city, name=f"key-{place}", place=place)
    visitor.sees = place
    return visitor


def ask(visitor: Visitor, door: doors.Door, text: str, path: str = "") -> Answer:
    head = {"HTTP_AUTHORIZATION": f"Bearer {text}"}
    if door.rule.post or door.name == "claims:api_claim_files":
        body = json.dumps({"month": "2023-07", "claims": [{"number": "1"}]}).encode()
        return visitor.send("POST", door.path, body, "application/json", HTTP_IDEMPOTENCY_KEY="matrix-1", **head)
    return visitor.send("GET", path or door.path, QUERY_STRING=QUERIES.get(door.name, ""), **head)


def of_the_interface(city: City) -> list[doors.Door]:
    return [door for door in doors.doors(city) if door.rule.is_by_key]


@pytest.mark.parametrize("place", ["Y", "J"])
def test_a_key_sees_its_own_institution_alone(city: City, place: str) -> None:
    visitor, text = by_key(city, place), city.secrets[place]
    opened = set()
    for door in of_the_interface(city):
        answer = ask(visitor, door, text)
        assert not visitor.may_not_see(answer, asked=door.path), door.path
        assert not [f"Y-{other}-" for other in PLACES if other != place and f"Y-{other}-" in answer.text], door.path
        assert not visitor.whole_numbers(answer), door.path
        if is_foreign(visitor, door):
            nothing = ask(visitor, door, text, door.absent)
            assert (answer.status, answer.body) == (nothing.status, nothing.body), door.path
            assert answer.status == 404
        elif answer.status == 200:
            opened.add(door.name)
    names = ("institution", "claim_file", "claims", "statements", "statement")
    assert opened == {f"claims:api_{name}" for name in names}


def test_a_revoked_key_sees_nothing_and_does_nothing(city: City) -> None:
    """And neither does one that never was."""
    key = InstitutionKey.objects.get(institution_code=city.keys["code", "Y"])
    visitor = by_key(city, "Y")
    wrong = [ask(visitor, door, "ybk_" + "0" * 40) for door in of_the_interface(city)]
    with transaction.atomic():
        institution_keys.revoke(key, reason="系统停用，不再调用", by=None)
        revoked = [ask(visitor, door, city.secrets["Y"]) for door in of_the_interface(city)]
        transaction.set_rollback(True)

    assert {answer.status for answer in wrong + revoked} == {401}
    assert not [answer.written for answer in revoked if answer.written.difference(OF_REQUESTS)]

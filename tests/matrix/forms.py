"""What is sent at each address that takes a form: as it is filled in when the thing is really done."""

from __future__ import annotations

import io
from typing import Any

from bureau.policy.models import Release
from claims.models import SettlementRun
from enrollment.models import Person
from institutions.models import Institution
from tests.factories import month, people, policy, relief
from tests.matrix.city import PLACES, City
from tests.matrix.doors import Door

# Why it is done; a canary of nobody.
REASON = "业务办理 A-1"


def for_door(door: Door, city: City, place: str) -> dict[str, Any]:
    """The form that somebody of `place` sends to a door; empty where none is meant to be sent."""
    make = FORMS.get(door.name) or (_export if "export" in door.name else None)
    return make(city, door, place) if make else {}


def _file(content: bytes, name: str) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def _person(city: City, place: str) -> Person:
    return Person.objects.get(pk=city.keys["person_id", place])


def _roster(city: City, door: Door, place: str) -> dict[str, Any]:
    county = people.JIANGYOU if place == "J" else people.YOUXIAN
    lines = [relief.a_line(people.an_id_number(people.YOUXIAN, order=777), "甲新", town="")]
    file = _file(relief.a_roster_file(lines), "new.xlsx")
    return {"source": "civil_affairs", "month": "2023-07", "area": county, "file": file}


def _claims(city: City, door: Door, place: str) -> dict[str, Any]:
    code = city.keys["code", place]
    bill = month.Bill("ZY-NEW-1", _person(city, place), "300.00")
    return {"institution": code, "month": "2023-07", "file": _file(month.a_claim_file(bill), "claims.csv")}


def _seal(*_: Any) -> dict[str, Any]:
    return {"seal": SettlementRun.objects.get(month="2023-06").seal_sha256}


def _go(*_: Any) -> dict[str, Any]:
    return {"go": "1"}


def _reason(*_: Any) -> dict[str, Any]:
    return {"reason": REASON}


def _staff(city: City, door: Door, place: str) -> dict[str, Any]:
    return {"username": "somebody-new", "full_name": "新人", "area": PLACES[place]}


def _staff_row(city: City, door: Door, place: str) -> dict[str, Any]:
    area = PLACES[door.place or place]
    return {"full_name": "改名", "area": area, "is_active": "on", "duties-TOTAL_FORMS": 0, "duties-INITIAL_FORMS": 0}


def _duty(city: City, door: Door, place: str) -> dict[str, Any]:
    return {"staff": city.keys["staff_id", place], "duty": "leader_county", "valid_from": "2026-01-01"}


def _office(city: City, door: Door, place: str) -> dict[str, Any]:
    return {"area": PLACES[place], "name": "新窗口", "kind": "agency"}


def _key(city: City, door: Door, place: str) -> dict[str, Any]:
    return {"institution_code": Institution.objects.get(pk=city.keys["institution", place]).code}


def _export(*_: Any) -> dict[str, Any]:
    return {"format": "csv", "reason": REASON}


def _tryout(city: City, door: Door, place: str) -> dict[str, Any]:
    if ("claim", place) not in city.keys:
        # The claims of a town's hospital lie in the county.
        return {"action": "add"}
    return {"action": "take", "code": city.keys["code", place], "number": city.keys["claim", place]}


def _document(city: City, *_: Any) -> dict[str, Any]:
    draft = Release.objects.get(pk=city.keys["release_id", "C"])
    return {"text": policy.text_of(draft, policy.RAISED_FILE), "expected": draft.sha256}


def _scenario(*_: Any) -> dict[str, Any]:
    law = Release.objects.get(stage="published").pk
    return {"name": "新方案", "snapshot": "matrix", "base": law, "year": 2023}


FORMS = {
    "portal:sign_in": lambda *_: {"username": "nobody", "password": "x"},
    "portal:search": lambda city, door, place: {"q": _person(city, place).name},
    "enrollment:find": lambda city, door, place: {"q": _person(city, place).id_number},
    "enrollment:reveal": lambda *_: {"hidden": "id_number", "reason": REASON},
    "institutions:account": _reason,
    "claims:batch_refused": _reason,
    "portal:account_lift": _reason,
    "relief:roster_upload": _roster,
    "relief:roster_row": _reason,
    "relief:roster_compare": _go,
    "relief:roster_confirm": lambda *_: {"accept_shrink": "yes"},
    "relief:roster_revoke": _reason,
    "relief:roster_errors": _go,
    "claims:intake": _claims,
    "claims:settlement_start": lambda *_: {"month": "2023-07"},
    "claims:settlement_retry": _go,
    "claims:settlement_approve": _seal,
    "claims:settlement_payments": _go,
    "claims:tryout": _tryout,
    "claims:discrepancy": _reason,
    "policy:draft_start": lambda *_: {"base": Release.objects.get(stage="published").pk, "note": "起草"},
    "policy:draft_submit": _go,
    "policy:draft_withdraw": _go,
    "policy:draft_restore": _go,
    "policy:document": _document,
    "policy:document_add": lambda *_: {"document_id": "new-one", "title": "新", "valid_from": "2023-07-01"},
    "policy:document_check": _document,
    "policy:document_remove": _go,
    "policy:change": _go,
    "policy:check": _go,
    "policy:return": _reason,
    "policy:publish": _go,
    "simulation:new": _scenario,
    "simulation:cancel": _go,
    "simulation:resume": _go,
    "simulation:delete": _go,
    "portal:own_sessions": lambda *_: {"which": "others", "password": "x"},
    "admin:password_change": lambda *_: {"old_password": "x", "new_password1": "y", "new_password2": "y"},
    "organization.Staff add": _staff,
    "organization.Staff change": _staff_row,
    "organization.DutyAssignment add": _duty,
    "organization.DutyAssignment change": lambda *_: {"valid_until": "2026-12-31"},
    "organization.Office add": _office,
    "organization.Office change": lambda *_: {"kind": "bureau"},
    "organization.Area add": lambda *_: {
        "code": "510705",
        "name": "安州区",
        "level": "county",
        "parent": month.CITY,
    },
    "organization.Area change": lambda *_: {"name": "绵阳市改"},
    "organization.InstitutionKey add": _key,
    "organization.InstitutionKey change": _reason,
}

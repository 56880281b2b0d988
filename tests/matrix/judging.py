"""What is wrong with answers: each check gives its findings as sentences; tests demand none, and mutants some."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.db import connection, transaction

from tests.matrix import city as cities
from tests.matrix import forms
from tests.matrix.city import PLACES, SEEN
from tests.matrix.doors import Door
from tests.matrix.visits import OF_REQUESTS, Answer, Visitor

SIGN_IN = ("/login/", "/admin/login/")
OPENED = (200, 302)


def said(found: Iterable[str]) -> str:
    """Findings as an assertion shows them."""
    found = list(found)
    return "\n".join([f"{len(found)} findings", *found[:40]])


def is_at_the_door(answer: Answer) -> bool:
    return answer.status == 302 and answer.headers.get("Location", "").startswith(SIGN_IN)


def is_open(visitor: Visitor, duties: frozenset[str], held: frozenset[str], door: Door) -> bool:
    """Whether the file lets somebody with `held` in by a method that takes `duties`."""
    return bool(duties & held) or (door.rule.is_for_all and bool(duties)) or door.rule.is_public


def is_foreign(visitor: Visitor, door: Door) -> bool:
    return bool(door.place) and door.place not in visitor.sees


def of_reading(visitor: Visitor, held: frozenset[str], doors: Iterable[Door]) -> Iterator[str]:
    """Every address opened: who may see it sees it, who may not does not, and nobody sees another place."""
    absent: dict[str, Answer] = {}
    for door in doors:
        answer = visitor.get(door.path)
        where = f"{visitor} GET {door.path} ({door.name}): {answer.status}"
        yield from of_contents(visitor, door, answer, where)
        if answer.written.difference(OF_REQUESTS):
            yield f"{where}: writes {sorted(answer.written.difference(OF_REQUESTS))} although nothing was sent"
        yield from of_opening(visitor, held, door, answer, where, absent)


# A statement that one may open is shown whole: the claims of a town's hospital lie in the county that insures.
_SHOWN_WHOLE = ("claims:statement", "claims:statement_sheet")
COUNTY_OF = {"T": "Y", "S": "J"}


def of_the_county(visitor: Visitor, found: set[str], place: str) -> set[str]:
    """Of what was found in an answer: words of the county around a town."""
    return {word for word in found if visitor.city.words.get(word) == COUNTY_OF.get(place, "none")}


def of_contents(
    visitor: Visitor, door: Door, answer: Answer, where: str, *, sent: str = "", may_show_whole: bool = False
) -> Iterator[str]:
    if answer.status >= 500:
        yield f"{where}: an error of ours"
    foreign = visitor.may_not_see(answer, asked=door.path + sent)
    if door.name in _SHOWN_WHOLE and not is_foreign(visitor, door):
        foreign -= of_the_county(visitor, foreign, door.place)
    if foreign:
        yield f"{where}: shows {sorted(foreign)[:5]}"
    whole = {number for number in visitor.whole_numbers(answer) if number not in sent}
    if whole and not may_show_whole:
        yield f"{where}: shows {len(whole)} whole numbers"


def of_opening(
    visitor: Visitor, held: frozenset[str], door: Door, answer: Answer, where: str, absent: dict[str, Answer]
) -> Iterator[str]:
    """`absent`: the answers to keys that no record has, each asked for once however many foreign records there are."""
    rule = door.rule
    if rule.is_by_key:
        if answer.status != 401:
            yield f"{where}: answered without a key"
        return
    if visitor.staff is None:
        if not rule.is_public and not is_at_the_door(answer) and answer.status != 404:
            yield f"{where}: open to who is not signed in"
        return
    if not rule.get:
        if answer.status not in (302, 403, 404, 405) and not (answer.status == 400 and "autocomplete" in door.name):
            yield f"{where}: opened, although nobody may look here"
    elif not is_open(visitor, rule.get, held, door):
        if answer.status != 403 and not (answer.status == 302 and is_foreign(visitor, door)):
            yield f"{where}: open without the duty"
    elif is_foreign(visitor, door):
        if door.absent not in absent:
            absent[door.absent] = visitor.get(door.absent)
        nothing = absent[door.absent]
        if (answer.status, _without(answer, door.path)) != (nothing.status, _without(nothing, door.absent)):
            yield f"{where}: another answer than for what does not exist ({nothing.status})"
        if answer.status == 200:
            yield f"{where}: a record of another place opens"
    else:
        is_closed = (is_at_the_door(answer) and not rule.is_public) or answer.status not in OPENED
        if is_closed and answer.status not in _EXPECTED.get(door.name, ()):
            yield f"{where}: closed to who may enter"


# Doors that answer otherwise although all is right: nothing there; refused with its sentence.
_EXPECTED = {
    "admin:view_on_site": (404,),
    "admin:catch_all": (404,),
}


def _without(answer: Answer, path: str) -> str:
    """Where the answer leads, without the key that was asked for."""
    return answer.headers.get("Location", "").replace(path, "")


# Writing


def prints(visitor: Visitor) -> dict[str, str]:
    """For each table a fingerprint of the rows that this person may not change; lines about oneself are left out."""
    parts = []
    for model in cities.tables():
        path = cities.place_path(model)
        label, name = model._meta.label, connection.ops.quote_name(model._meta.db_table)
        if label == "organization.Tally":
            continue
        if path is None:
            condition = "false" if visitor.place == "C" else "true"
        else:
            areas = [area for place, area in PLACES.items() if place not in SEEN.get(visitor.place, "")]
            listed = ", ".join(f"'{area}'" for area in areas) or "''"
            condition = _CONDITION.get(label, "area_id IN ({0})").format(listed)
            if label.startswith("trail.") and label != "trail.ImportBatch":
                condition = (
                    f"area_code IN ({listed}) AND by_id IS DISTINCT FROM {visitor.staff.pk if visitor.staff else 0}"
                )
        parts.append(
            f"SELECT '{label}', md5(coalesce(string_agg(md5(t::text), '' ORDER BY md5(t::text)), '')) "
            f"FROM {name} t WHERE {condition}"
        )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


_CONDITION = {
    "trail.ImportBatch": "area_code IN ({0})",
    "organization.DutyAssignment": "staff_id IN (SELECT id FROM organization_staff WHERE area_id IN ({0}))",
    "claims.SettlementLine": "settlement_id IN (SELECT id FROM claims_settlement WHERE area_id IN ({0}))",
    "funds.Posting": "entry_id IN (SELECT id FROM funds_entry WHERE area_id IN ({0}))",
    "organization.DutyAssignmentEvent": "staff_id IN (SELECT id FROM organization_staff WHERE area_id IN ({0}))",
    "simulation.SimulationPart": "simulation_id IN (SELECT id FROM simulation_simulation WHERE area_id IN ({0}))",
    "organization.OpenSession": "staff_id IN (SELECT id FROM organization_staff WHERE area_id IN ({0}))",
    "organization.SecondFactor": "staff_id IN (SELECT id FROM organization_staff WHERE area_id IN ({0}))",
}


def of_writing(visitor: Visitor, held: frozenset[str], doors: Iterable[Door]) -> Iterator[str]:
    """Every form sent: done where the file says so, refused elsewhere, and no row of another place changed."""
    untouched = prints(visitor)
    for door in doors:
        form = forms.for_door(door, visitor.city, visitor.place or "Y")
        with transaction.atomic():
            answer = visitor.post_and_keep(door.path, form or {"reason": forms.REASON})
            where = f"{visitor} POST {door.path} ({door.name}): {answer.status}"
            if answer.written.difference(OF_REQUESTS):
                yield from (f"{where}: changes {table}" for table in _differing(untouched, prints(visitor)))
            transaction.set_rollback(True)
        yield from of_contents(visitor, door, answer, where, sent=str(form), may_show_whole=door.name in _HANDING_OUT)
        yield from of_doing(visitor, held, door, answer, where)


# Whole numbers leave by these forms alone, each with a line in the log (docs/security-privacy.md).
_HANDING_OUT = ("enrollment:reveal", "relief:roster_errors")


def _differing(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted(table for table, print_ in after.items() if before[table] != print_)


def of_doing(visitor: Visitor, held: frozenset[str], door: Door, answer: Answer, where: str) -> Iterator[str]:
    rule = door.rule
    if rule.is_by_key:
        if answer.status != 401 or answer.written.difference(OF_REQUESTS):
            yield f"{where}: taken without a key"
        return
    if rule.is_public:
        return
    if visitor.staff is None:
        if not is_at_the_door(answer) and answer.status not in (404, 405):
            yield f"{where}: taken from who is not signed in"
    elif not is_open(visitor, rule.post or rule.get, held, door):
        if answer.status not in (403, 404, 405) and not (answer.status == 302 and not answer.written):
            yield f"{where}: taken without the duty"
    elif not rule.post:
        if answer.written.difference(OF_REQUESTS):
            yield f"{where}: writes {sorted(answer.written)} where nothing is sent"
    elif is_foreign(visitor, door) or (rule.at_city and visitor.place != "C"):
        if answer.written.difference(OF_REQUESTS):
            yield f"{where}: done for another place"
    elif answer.status not in OPENED and answer.status not in _REFUSING.get(door.name, ()):
        yield f"{where}: not done for who may"


# Refusals of business where all is right: said with the reason.
_REFUSING = {
    # The password is another.
    "portal:own_sessions": (422,),
    # Towns take in neither lists nor, for a county's hospital, files.
    "relief:roster_upload": (422,),
    # A draft is changed by its drafter alone, and checked by who has opened every change of it.
    "policy:draft_submit": (409,),
    "policy:draft_withdraw": (409,),
    "policy:draft_restore": (409,),
    "policy:document_remove": (409,),
    "policy:check": (409,),
    # What is done is neither canceled nor resumed.
    "simulation:cancel": (409,),
    "simulation:resume": (409,),
    # There is nothing to try again, or nothing that waits, in a month that is over.
    "claims:settlement_start": (409,),
    # The first of two signatures is no leader's.
    "claims:settlement_approve": (409,),
    "claims:settlement_retry": (409,),
}


def sentences(answer: Answer, key: str) -> list[str]:
    """What a page says in its errors, without the key that was sent."""
    return ["".join(said).replace(key, "") for said in _ERRORS.findall(answer.body.decode())]


_ERRORS = re.compile(r'<ul class="errorlist[^>]*>(.*?)</ul>|<p class="field__error[^>]*>(.*?)</p>', re.DOTALL)

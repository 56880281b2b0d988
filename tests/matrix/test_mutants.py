"""Access bugs, planted one at a time: each is found by the matrix's own checks on the doors it opens.

A mutant is a change that somebody might make in good faith. Beside each stand who asks and which doors are asked, so
that a mutant costs a few requests; the checks are those of `judging`, unchanged.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.urls import get_resolver

from bureau import walls
from bureau.console import access
from bureau.console.model_admin import PortalModelAdmin
from bureau.funds.selectors import books
from bureau.kernel import identity
from bureau.organization.models import Staff
from bureau.organization.selectors import scope
from bureau.organization.services import permits
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from claims.models import Claim
from claims.selectors import claims as claims_selectors
from claims.selectors import cockpit, files, listing
from enrollment.models import Person
from enrollment.selectors import people as people_selectors
from institutions.models import Institution
from institutions.selectors import directory
from relief.models import ReliefStatus
from relief.selectors import rosters as roster_selectors
from tests.matrix import doors, judging
from tests.matrix.city import City
from tests.matrix.visits import Guests, Visitor

ALL = tuple(Duty)
Plant = Callable[[ExitStack], None]


@dataclass(frozen=True)
class Mutant:
    """What is broken, who notices where, and by which check."""

    name: str
    plant: Plant
    killer: str
    where: tuple[str, ...]
    duties: tuple[Duty, ...] = ALL
    place: str = "Y"
    # The database's wall stands below Python's; where it would hold by itself, it is taken away as well.
    without_wall: bool = True


def patched(target: Any, name: str, value: Any) -> Plant:
    return lambda stack: stack.enter_context(patch.object(target, name, value))


def rows_of(model: Any, *joined: str) -> Callable[..., Any]:
    """A selector that forgot to narrow."""
    return lambda *_, **__: model.objects.select_related(*joined)


def open_desk(name: str) -> Plant:
    """The duty of a desk forgotten: what `access.desk` wraps is called as it is."""

    def plant(stack: ExitStack) -> None:
        pattern = next(pattern for found, pattern in doors.registered(get_resolver()) if found == name)
        stack.enter_context(patch.object(pattern, "callback", pattern.callback.__wrapped__))

    return plant


def table(model: Any) -> PortalModelAdmin:
    found = admin.site.get_model_admin(model)
    assert isinstance(found, PortalModelAdmin)
    return found


def stock_rows(model: Any) -> Plant:
    """`get_queryset` of a table without `narrow`."""
    one = table(model)
    return patched(one, "get_queryset", lambda request: ModelAdmin.get_queryset(one, request))


def forgetting(module: Any) -> Plant:
    """The selectors of a module no longer narrow."""
    if hasattr(module, "scope"):
        wide = {**vars(scope), "narrow": lambda rows, by, **_: rows, "narrow_codes": lambda rows, by, **_: rows}
        return patched(module, "scope", SimpleNamespace(**wide))
    name = "narrow" if hasattr(module, "narrow") else "narrow_codes"
    return patched(module, name, lambda rows, by, **_: rows)


def everywhere(name: str, value: Any) -> Plant:
    """A function of the scope replaced where it was imported to."""

    def plant(stack: ExitStack) -> None:
        original = getattr(scope, name)
        for module in list(sys.modules.values()):
            if getattr(module, name, None) is original:
                stack.enter_context(patch.object(module, name, value))

    return plant


ALL_CLAIMS = rows_of(Claim, "institution", "area")
MUTANTS = (
    Mutant("people: visible_to forgets narrow", patched(people_selectors, "visible_to", rows_of(Person, "area")),
           "reading", ("enrollment:people", "enrollment:person")),
    Mutant("people: openable opens everybody", patched(people_selectors, "openable", rows_of(Person, "area")),
           "reading", ("enrollment:person",)),
    Mutant("claims: visible_to forgets narrow",
           patched(claims_selectors, "visible_to", ALL_CLAIMS), "reading", ("claims:claim", "claims:claim_sheet")),
    Mutant("claims: the list forgets narrow", forgetting(listing),
           "reading", ("claims:claims", "claims:adjustments", "claims:refused")),
    Mutant("claims: files of all counties", forgetting(files),
           "reading", ("claims:batches", "claims:batch")),
    Mutant("settlement: statements of all counties", forgetting(cockpit),
           "reading", ("claims:statements", "claims:statement", "claims:settlement")),
    Mutant("relief: rosters of all counties", forgetting(roster_selectors),
           "reading", ("relief:rosters", "relief:roster", "relief:roster_confirm")),
    Mutant("relief: forms of all counties", forgetting(roster_selectors),
           "writing", ("relief:roster_row", "relief:roster_confirm", "relief:roster_errors")),
    Mutant("funds: entries of all counties", forgetting(books),
           "reading", ("funds:entries", "funds:entry", "funds:payments")),
    Mutant("institutions: accounts of all counties", forgetting(directory),
           "writing", ("institutions:account",)),
    Mutant("admin: people without narrow", stock_rows(Person), "reading", ("enrollment.Person",)),
    Mutant("admin: statuses without narrow", stock_rows(ReliefStatus), "reading", ("relief.ReliefStatus",)),
    Mutant("admin: staff without narrow", stock_rows(Staff), "reading", ("organization.Staff",)),
    Mutant("admin: institutions without narrow", stock_rows(Institution), "reading", ("institutions.Institution",)),
    Mutant("admin: history without the duty", patched(PortalModelAdmin, "has_view_permission", lambda *_: True),
           "reading", ("trail.ActionLog",), (Duty.COUNTER,), without_wall=False),
    Mutant("admin: rows may be deleted", patched(PortalModelAdmin, "has_delete_permission", lambda *_: True),
           "reading", ("organization.Office",), without_wall=False),
    Mutant("admin: a filter along a foreign key", patched(table(ReliefStatus), "list_filter", ["person"]),
           "reading", ("relief.ReliefStatus changelist",)),
    Mutant("a masked column shown whole", patched(table(Person), "_shown_as", {}), "reading", ("enrollment.Person",)),
    Mutant("the mask does nothing", patched(identity, "mask_id", str), "reading", ("enrollment:people",)),
    Mutant("desk opened: claims", open_desk("claims:claims"), "reading", ("claims:claims",), (Duty.SYSTEM,)),
    Mutant("desk opened: entries", open_desk("funds:entries"), "reading", ("funds:entries",), (Duty.TOWN,)),
    Mutant("desk opened: accounts", open_desk("portal:accounts"), "reading", ("portal:accounts",), (Duty.COUNTER,)),
    Mutant("everybody holds every duty", patched(access, "may", lambda request, *_: True),
           "reading", ("relief:rosters", "trail.ReadRecord changelist"), (Duty.COUNTER,), without_wall=False),
    Mutant("a form taken by looking", open_desk("claims:settlement_retry"),
           "reading", ("claims:settlement_retry",), (Duty.FINANCE,), "C", without_wall=False),
    Mutant("the county is the city", everywhere("is_city", lambda by: True),
           "reading", ("enrollment:people", "claims:statements", "funds:entries")),
)  # fmt: skip


@contextmanager
def planted(mutant: Mutant) -> Any:
    with ExitStack() as stack:
        mutant.plant(stack)
        if mutant.without_wall:
            # A request acts as the system: no wall below.
            stack.enter_context(patch.object(walls, "as_staff", lambda by: walls.as_system()))
        yield


def asked(mutant: Mutant, city: City) -> list[doors.Door]:
    return [
        door for door in doors.doors(city) if door.name in mutant.where or door.name.partition(" ")[0] in mutant.where
    ]


def findings(mutant: Mutant, city: City, visitor: Visitor) -> list[str]:
    held = frozenset(str(duty) for duty in mutant.duties)
    check = judging.of_writing if mutant.killer == "writing" else judging.of_reading
    return list(check(visitor, held, asked(mutant, city)))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_is_found(city: City, guests: Guests, mutant: Mutant) -> None:
    visitor = guests.of(*mutant.duties, place=mutant.place)
    assert asked(mutant, city), "the doors are there"

    with planted(mutant):
        found = findings(mutant, city, visitor)

    assert found, f"nobody notices: {mutant.name}"


def test_there_are_enough_of_them() -> None:
    assert len(MUTANTS) >= 25
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS)


def test_without_a_mutant_the_same_doors_are_in_order(city: City, guests: Guests) -> None:
    """The findings come from the mutants: the same questions without one find nothing."""
    for mutant in MUTANTS[::4]:
        visitor = guests.of(*mutant.duties, place=mutant.place)
        assert findings(mutant, city, visitor) == []


def test_a_look_that_is_not_written_down_is_found(city: City, guests: Guests) -> None:
    """Each file that opens leaves a read record; a view that forgets it shows the same page without one."""
    visitor = guests.of(Duty.COUNTER, place="Y")
    path = f"/people/{city.keys['person_id', 'Y']}/"

    assert "trail_readrecord" in visitor.get(path).written
    with patch.object(reads, "record", lambda **_: None):
        assert "trail_readrecord" not in visitor.get(path).written


def test_a_number_shown_without_its_line_in_the_log_is_found(city: City, guests: Guests) -> None:
    visitor = guests.of(Duty.COUNTER, place="Y")
    path = f"/people/{city.keys['person_id', 'Y']}/reveal/"
    form = {"hidden": "id_number", "reason": "业务办理 A-1"}

    shown = visitor.post(path, form)
    assert {"trail_readrecord", "trail_actionlog"} <= shown.written
    assert visitor.whole_numbers(shown)
    with patch.object(reads, "reveal", lambda **_: None):
        assert "trail_actionlog" not in visitor.post(path, form).written


def test_staff_appointed_into_another_area_are_found(city: City, guests: Guests) -> None:
    visitor = guests.of(Duty.SYSTEM, place="Y")
    form = {"username": "mole", "full_name": "新人", "area": "510700"}

    assert "organization_staff" not in visitor.post("/admin/organization/staff/add/", form).written
    with patch.object(permits.scope, "covers", lambda by, code: True):
        assert "organization_staff" in visitor.post("/admin/organization/staff/add/", form).written


def test_a_policy_dropped_together_with_the_scope_shows_everything(city: City, guests: Guests) -> None:
    """Both walls gone on one table: the matrix sees it; either alone holds."""
    visitor = guests.of(*ALL, place="Y")
    door = [door for door in doors.doors(city) if door.name == "enrollment:people"]
    scope_gone = patch.object(people_selectors, "narrow", lambda rows, by, **_: rows)
    wall_gone = patch.object(walls, "as_staff", lambda by: walls.as_system())

    with scope_gone:
        assert not list(judging.of_reading(visitor, doors.EVERYBODY, door))
    with wall_gone:
        assert not list(judging.of_reading(visitor, doors.EVERYBODY, door))
    with scope_gone, wall_gone:
        assert list(judging.of_reading(visitor, doors.EVERYBODY, door))

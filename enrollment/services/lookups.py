"""Find a person by ID number for a screen: exact or not at all, written down, under one quota per person and hour.

First among the people one may see; then, at the acceptance desk, one file anywhere in the city (HZ-19). Who may do
that, how often, and what is then seen the database decides as well: `migrations/0005_openings.sql`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from bureau import walls
from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import actions, reads
from bureau.trail.terms import ReadKind
from enrollment.selectors import people

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from enrollment.models import Person

_TOO_MANY = -1


def by_number(text: str, *, screen: str, by: Staff) -> Person | None:
    """The person of an ID number, as far as `by` may find it; what cannot be an ID is not even looked for."""
    try:
        number = identity.read_id(text, today=timezone.localdate()).value
    except BusinessError:
        return None
    index = people.id_index(number)
    with walls.as_staff(by), transaction.atomic():
        reads.require_searches_left(by)
        person = people.visible_to(by).filter(id_index=index).first()
        if person is None and has_duty(by, Duty.COUNTER):
            return _elsewhere(index, screen=screen, by=by)
        reads.record(
            kind=ReadKind.SEARCHED if person else ReadKind.MISSED,
            subject_kind="person",
            subject_key=str(person.pk) if person else "",
            screen=screen,
            area_code=person.area_id if person else by.area_id or "",
            by=by,
        )
    return person


def _elsewhere(index: bytes, *, screen: str, by: Staff) -> Person | None:
    """The file of another county, open for an hour; its county finds that in the read records, one's own in the log."""
    person_id = _open(index, screen)
    if person_id == _TOO_MANY:
        raise BusinessError("trail.search_quota", "您按证件号查询已达限额，请稍后再查。")
    if not person_id:
        return None
    person = people.openable(by).get(pk=person_id)
    actions.record(
        action="enrollment.person.opened_elsewhere",
        subject_kind="person",
        subject_key=str(person_id),
        summary=f"跨区县打开个人档案（档案在{person.area.name}）。",
        detail={"office": by.office_id, "area": person.area_id},
        by=by,
    )
    return person


def _open(index: bytes, screen: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT enrollment_open(%s, %s)", [index, screen])
        return int(cursor.fetchone()[0])

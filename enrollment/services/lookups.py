"""Find a person by ID number for a screen: exact or not at all, written down, under a quota per person and hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from enrollment.selectors import people
from enrollment.services import openings

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from enrollment.models import Person


def by_number(text: str, *, screen: str, elsewhere: bool, by: Staff) -> Person | None:
    """The person of an ID number: one's own, or with `elsewhere` and at the counter anybody in the city (HZ-19).

    What cannot be an ID is not even looked for, and does not count.
    """
    try:
        number = identity.read_id(text, today=timezone.localdate()).value
    except BusinessError:
        return None
    person = _own(number, by)
    if person is None and elsewhere and has_duty(by, Duty.COUNTER):
        # Not inside a transaction of ours: what it writes down of a try beyond the limit must stay.
        opened = openings.open_elsewhere(id_number=number, by=by)
        person = people.openable(by).filter(pk=opened).first() if opened else None
    reads.record(
        kind=ReadKind.SEARCHED if person else ReadKind.MISSED,
        subject_kind="person",
        subject_key=str(person.pk) if person else "",
        screen=screen,
        area_code=person.area_id if person else "",
        by=by,
    )
    return person


@transaction.atomic
def _own(number: str, by: Staff) -> Person | None:
    reads.require_searches_left(by)
    return people.visible_to(by).filter(id_index=people.id_index(number)).first()

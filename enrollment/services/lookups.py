"""Find a person by ID number for a screen: exact or not at all, written down, under a quota per person and hour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from enrollment.selectors import people

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from enrollment.models import Person


@transaction.atomic
def by_number(text: str, *, screen: str, by: Staff) -> Person | None:
    """The person of an ID number among those `by` may see; what cannot be an ID is not even looked for."""
    try:
        number = identity.read_id(text, today=timezone.localdate()).value
    except BusinessError:
        return None
    reads.require_searches_left(by)
    person = people.visible_to(by).filter(id_index=people.id_index(number)).first()
    reads.record(
        kind=ReadKind.SEARCHED if person else ReadKind.MISSED,
        subject_kind="person",
        subject_key=str(person.pk) if person else "",
        screen=screen,
        area_code=person.area_id if person else "",
        by=by,
    )
    return person

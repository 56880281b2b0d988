"""Show the whole number of a person: the reason is in the log before the number is read (decision 25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from enrollment.models import Person
from enrollment.selectors import people
from enrollment.terms import Hidden

if TYPE_CHECKING:
    from bureau.organization.models import Staff

MAY_REVEAL = (
    Duty.COUNTER,
    Duty.RELIEF,
    Duty.RELIEF_CHECK,
    Duty.REVIEW_FIRST,
    Duty.REVIEW_SECOND,
    Duty.REVIEW_FINAL,
    Duty.AUDIT,
)


def reveal(*, person_id: int, hidden: Hidden, reason: str, by: Staff) -> str:
    """The whole number. The log is written and committed first; where that fails, nothing is decrypted."""
    _log(person_id=person_id, hidden=hidden, reason=reason, by=by)
    return str(Person.objects.values_list(hidden.value, flat=True).get(pk=person_id))


@transaction.atomic
def _log(*, person_id: int, hidden: Hidden, reason: str, by: Staff) -> None:
    if not has_duty(by, *MAY_REVEAL):
        raise BusinessError("enrollment.reveal_duty", "您的岗位不能查看完整号码。")
    person = people.openable(by).only("area_id").filter(pk=person_id).first()
    if person is None:
        raise BusinessError("enrollment.person_unknown", "没有这个人的档案，或不在您的办理范围内。")
    reads.reveal(
        what=hidden.label,
        subject_kind="person",
        subject_key=str(person_id),
        reason=reason,
        screen=f"person.{hidden.value}",
        area_code=person.area_id,
        by=by,
    )

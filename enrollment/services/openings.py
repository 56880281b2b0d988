"""Open the file of another county at the acceptance desk: by the whole ID number, one by one, each try written down.

What a counter may (30 tries an hour) and what it then sees the database decides: `migrations/0004_openings.sql`, and
`0005_encrypted_identity.sql` for the function that opens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import actions
from enrollment.selectors import people

if TYPE_CHECKING:
    from bureau.organization.models import Staff

_NOBODY, _TOO_MANY = 0, -1


def open_elsewhere(*, id_number: str, by: Staff) -> int | None:
    """The key of the person with this number, wherever in the city; None where nobody has it."""
    if not has_duty(by, Duty.COUNTER):
        raise BusinessError("enrollment.duty", f"跨区县查询由{Duty.COUNTER.label}办理，{by}没有这个岗位。")
    with walls.as_staff(by), transaction.atomic():
        person_id = _open(id_number)
        summary = {
            _NOBODY: "跨区县查询：查无此人。",
            _TOO_MANY: "跨区县查询超过每小时限额，不予办理。",
        }.get(person_id, "跨区县打开个人档案。")
        actions.record(
            action="enrollment.person.opened_elsewhere",
            subject_kind="person",
            subject_key=str(person_id) if person_id > 0 else "",
            summary=summary,
            detail={"office": by.office_id},
            by=by,
        )
    if person_id == _TOO_MANY:
        raise BusinessError("enrollment.too_many_openings", "一小时内跨区县查询已达限额，请稍后再办。")
    return person_id or None


def _open(id_number: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT enrollment_open(%s)", [people.id_index(id_number)])
        return int(cursor.fetchone()[0])

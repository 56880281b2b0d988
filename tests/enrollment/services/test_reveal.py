"""A whole number is shown after its reason was written down, or not at all."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ReadRecord
from enrollment.services import people, reveal
from enrollment.terms import Hidden
from tests.factories.people import JIANGYOU, a_clerk, a_person

pytestmark = pytest.mark.django_db

WHY = "核对住院登记"


def test_the_number_comes_after_the_record() -> None:
    person, by = a_person(id_number="51070419760824187X"), a_clerk("", Duty.COUNTER)
    people.correct_person(person_id=person.pk, phone="13800001234", reason="本人申请", by=by)

    shown = [reveal.reveal(person_id=person.pk, hidden=hidden, reason=WHY, by=by) for hidden in Hidden]

    assert shown == ["51070419760824187X", "13800001234"]
    logged = ActionLog.objects.filter(action="person.revealed", subject_key=str(person.pk))
    assert [line.summary for line in logged] == [
        "显示完整联系电话，原因：核对住院登记",
        "显示完整证件号，原因：核对住院登记",
    ]
    assert list(ReadRecord.objects.values_list("kind", "screen")) == [
        ("revealed", "person.phone"),
        ("revealed", "person.id_number"),
    ]


def test_what_cannot_be_logged_is_not_shown() -> None:
    person, by = a_person(), a_clerk("", Duty.COUNTER)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION $$full$$; END'"
        )
        cursor.execute("CREATE TRIGGER no_room BEFORE INSERT ON trail_actionlog EXECUTE FUNCTION pg_temp.no()")

    shown = "nothing"
    with pytest.raises(DatabaseError, match="full"):
        shown = reveal.reveal(person_id=person.pk, hidden=Hidden.ID_NUMBER, reason=WHY, by=by)
    assert shown == "nothing"


@pytest.mark.parametrize("duty", [Duty.FINANCE, Duty.SYSTEM, Duty.LEADER_COUNTY, Duty.TRAIL])
def test_other_duties_do_not_see_numbers(duty: Duty) -> None:
    person = a_person()
    with pytest.raises(BusinessError, match=r"enrollment\.reveal_duty"):
        reveal.reveal(person_id=person.pk, hidden=Hidden.ID_NUMBER, reason=WHY, by=a_clerk("", duty))


def test_another_county_is_out_of_reach() -> None:
    person = a_person(area_code=JIANGYOU)
    with pytest.raises(BusinessError, match=r"enrollment\.person_unknown"):
        reveal.reveal(person_id=person.pk, hidden=Hidden.ID_NUMBER, reason=WHY, by=a_clerk("", Duty.COUNTER))
    assert not ReadRecord.objects.exists()


def test_a_number_in_the_reason_is_masked_in_the_log() -> None:
    person = a_person()
    reason = f"核对 {person.id_number} 与 13912345678"
    reveal.reveal(person_id=person.pk, hidden=Hidden.PHONE, reason=reason, by=a_clerk("", Duty.COUNTER))
    summary = ActionLog.objects.get(action="person.revealed").summary
    assert person.id_number not in summary
    assert summary.endswith("139****5678")

"""Recognize chronic diseases; benefits begin on the day of recognition (YX-83)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.trail.services import actions
from enrollment.models import ChronicRecognition, Person
from enrollment.selectors.people import id_index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class RecognitionRow:
    """One recognition of a bulk load."""

    id_number: str
    disease_code: str
    disease_name: str
    valid_from: date


@transaction.atomic
def recognize_chronic(
    *, person_id: int, disease_code: str, disease_name: str, valid_from: date, by: Staff
) -> ChronicRecognition:
    """Recognize one disease of a person."""
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise BusinessError("enrollment.person_unknown", "没有这个人的档案，请先登记。")
    standing = ChronicRecognition.objects.filter(person=person, disease_code=disease_code)
    if standing.exclude(valid_until__lte=valid_from).exists():
        raise BusinessError("enrollment.already_recognized", f"该人员已认定{disease_name}，不能重复认定。")

    recognition = ChronicRecognition.objects.create(
        person=person,
        disease_code=disease_code,
        disease_name=disease_name,
        area_id=person.area_id,
        valid_from=valid_from,
    )
    _record(recognition, "enrollment.chronic.recognized", f"认定门诊慢性病：{disease_name}，{valid_from} 起", by)
    return recognition


@transaction.atomic
def end_recognition(*, recognition_id: int, valid_until: date, reason: str, by: Staff) -> ChronicRecognition:
    """End a recognition; `valid_until` is the first day without it."""
    recognition = ChronicRecognition.objects.select_for_update().filter(pk=recognition_id).first()
    if recognition is None or valid_until <= recognition.valid_from:
        raise BusinessError("enrollment.recognition_unknown", "没有这条认定，或终止日期不晚于认定日期，请核对。")
    recognition.valid_until = valid_until
    recognition.save(update_fields=["valid_until"])
    _record(recognition, "enrollment.chronic.ended", f"终止{recognition.disease_name}认定：{reason}", by)
    return recognition


@transaction.atomic
def recognize_many(rows: Iterable[RecognitionRow], *, by: Staff) -> int:
    """Load many recognitions; what already stands is no news."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE arriving_recognition"
            " (id_index bytea, disease_code text, disease_name text, valid_from date) ON COMMIT DROP"
        )
        with cursor.copy(
            "COPY arriving_recognition (id_index, disease_code, disease_name, valid_from) FROM STDIN"
        ) as copy:
            for row in rows:
                copy.write_row((id_index(row.id_number), row.disease_code, row.disease_name, row.valid_from))
        cursor.execute(_INSERT_RECOGNITIONS)
        recognized: int = cursor.rowcount
        cursor.execute("DROP TABLE arriving_recognition")
    if recognized:
        actions.record(
            action="enrollment.chronic.many_recognized",
            subject_kind="people",
            subject_key="bulk",
            summary=f"批量认定门诊慢性病 {recognized} 人次",
            detail={"recognized": recognized},
            by=by,
        )
    return recognized


_INSERT_RECOGNITIONS = """
    INSERT INTO enrollment_chronicrecognition (person_id, disease_code, disease_name, area_id, valid_from)
    SELECT person.id, arriving.disease_code, arriving.disease_name, person.area_id, arriving.valid_from
      FROM arriving_recognition arriving
      JOIN enrollment_person person ON person.id_index = arriving.id_index
     WHERE NOT EXISTS (
           SELECT 1 FROM enrollment_chronicrecognition standing
            WHERE standing.person_id = person.id AND standing.disease_code = arriving.disease_code
              AND (standing.valid_until IS NULL OR standing.valid_until > arriving.valid_from))
     ORDER BY person.id, arriving.disease_code
"""


def _record(recognition: ChronicRecognition, action: str, summary: str, by: Staff) -> None:
    actions.record(
        action=action,
        subject_kind="person",
        subject_key=str(recognition.person_id),
        summary=summary,
        detail={"recognition": recognition.pk},
        area_code=recognition.area_id,
        by=by,
    )

"""Begin and end coverage. Retirement ends one stretch and begins another on the same day (YX-70)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Employment, Scheme
from bureau.organization.selectors.areas import known_areas
from bureau.trail.services import actions
from enrollment.models import Enrollment, Person
from enrollment.selectors.people import id_index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class EnrollmentRow:
    """One stretch of coverage of a bulk enrollment."""

    id_number: str
    scheme: str
    employment: str
    area_code: str
    valid_from: date
    valid_until: date | None = None


@transaction.atomic
def enroll(
    *,
    person_id: int,
    scheme: Scheme,
    employment: str = "",
    area_code: str,
    valid_from: date,
    valid_until: date | None = None,
    by: Staff,
) -> Enrollment:
    """Begin coverage on `valid_from`, the day on which benefits begin (`rules.coverage` counts waiting periods)."""
    person = _locked_person(person_id)
    _check_employment(scheme, employment)
    if valid_until is not None and valid_until <= valid_from:
        raise BusinessError(
            "enrollment.date_order", f"待遇终止日期 {valid_until} 不晚于开始日期 {valid_from}，请改正。"
        )
    if not known_areas([area_code]):
        raise BusinessError("enrollment.area_unknown", f"区划代码 {area_code} 不在区划表中，请核对。")
    _refuse_second_coverage(person, valid_from, valid_until)

    enrollment = Enrollment.objects.create(
        person=person,
        scheme=str(scheme),
        employment=employment,
        area_id=area_code,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    _record(enrollment, "enrollment.enrolled", f"参保：{Scheme.label_of(scheme)}，{valid_from} 起享受待遇", by)
    return enrollment


@transaction.atomic
def enroll_many(rows: Iterable[EnrollmentRow], *, by: Staff) -> int:
    """Begin many coverages at once. The same stretch again is no news; one that overlaps another refuses all."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGE_ENROLLMENTS)
        with cursor.copy(_COPY_ENROLLMENTS) as copy:
            for row in rows:
                _check_employment(row.scheme, row.employment)
                copy.write_row(
                    (
                        id_index(row.id_number),
                        row.scheme,
                        row.employment,
                        row.area_code,
                        row.valid_from,
                        row.valid_until,
                    )
                )
        cursor.execute(_COUNT_UNKNOWN)
        unknown = cursor.fetchone()[0]
        if unknown:
            raise BusinessError("enrollment.person_unknown", f"{unknown} 人没有个人档案，请先登记。")
        cursor.execute(_INSERT_ENROLLMENTS)
        enrolled: int = cursor.rowcount
        cursor.execute("DROP TABLE arriving_enrollment")

    if enrolled:
        actions.record(
            action="enrollment.many_enrolled",
            subject_kind="people",
            subject_key="bulk",
            summary=f"批量参保 {enrolled} 人次",
            detail={"enrolled": enrolled},
            by=by,
        )
    return enrolled


@transaction.atomic
def retire(*, enrollment_id: int, retired_on: date, by: Staff) -> Enrollment:
    """Close the in-service stretch and open the retired one on the same day; nothing lies between them."""
    working = _locked(enrollment_id)
    if working.scheme != Scheme.EMPLOYEE or working.employment != Employment.IN_SERVICE:
        raise BusinessError("enrollment.not_in_service", "只有在职职工参保可以办理退休，请核对参保记录。")
    _require_inside(working, retired_on)

    ends_at = working.valid_until
    working.valid_until = retired_on
    working.save(update_fields=["valid_until"])
    retired = Enrollment.objects.create(
        person=working.person,
        scheme=working.scheme,
        employment=str(Employment.RETIRED),
        area_id=working.area_id,
        valid_from=retired_on,
        valid_until=ends_at,
    )
    _record(retired, "enrollment.retired", f"办理退休，{retired_on} 起享受退休待遇", by)
    return retired


@transaction.atomic
def terminate(*, enrollment_id: int, valid_until: date, reason: str, by: Staff) -> Enrollment:
    """End coverage; `valid_until` is the first day without it."""
    enrollment = _locked(enrollment_id)
    _require_inside(enrollment, valid_until)

    enrollment.valid_until = valid_until
    enrollment.save(update_fields=["valid_until"])
    _record(enrollment, "enrollment.terminated", f"终止参保，{valid_until} 起不再享受：{reason}", by)
    return enrollment


_STAGE_ENROLLMENTS = """
    CREATE TEMPORARY TABLE arriving_enrollment (
        id_index bytea, scheme text, employment text, area_id text, valid_from date, valid_until date
    ) ON COMMIT DROP
"""
_COPY_ENROLLMENTS = (
    "COPY arriving_enrollment (id_index, scheme, employment, area_id, valid_from, valid_until) FROM STDIN"
)
_COUNT_UNKNOWN = """
    SELECT count(*) FROM arriving_enrollment arriving
     WHERE NOT EXISTS (SELECT 1 FROM enrollment_person person WHERE person.id_index = arriving.id_index)
"""
_INSERT_ENROLLMENTS = """
    INSERT INTO enrollment_enrollment (person_id, scheme, employment, area_id, valid_from, valid_until)
    SELECT person.id, arriving.scheme, arriving.employment, arriving.area_id, arriving.valid_from, arriving.valid_until
      FROM arriving_enrollment arriving
      JOIN enrollment_person person ON person.id_index = arriving.id_index
     WHERE NOT EXISTS (
           SELECT 1 FROM enrollment_enrollment standing
            WHERE standing.person_id = person.id AND standing.scheme = arriving.scheme
              AND standing.employment = arriving.employment AND standing.valid_from = arriving.valid_from)
     ORDER BY person.id, arriving.valid_from
"""


def _check_employment(scheme: str, employment: str) -> None:
    if scheme == Scheme.EMPLOYEE and employment not in set(Employment):
        raise BusinessError("enrollment.employment_missing", "职工医保须注明在职或退休。")
    if scheme == Scheme.RESIDENT and employment:
        raise BusinessError("enrollment.employment_superfluous", "居民医保没有就业状态，请留空。")


def _refuse_second_coverage(person: Person, valid_from: date, valid_until: date | None) -> None:
    others = Enrollment.objects.filter(person=person).exclude(valid_until__lte=valid_from)
    other = (others.filter(valid_from__lt=valid_until) if valid_until else others).first()
    if other is not None:
        raise BusinessError(
            "enrollment.already_enrolled",
            f"该人员自 {other.valid_from} 起已参加{Scheme.label_of(other.scheme)}，与本次时间重叠。请先终止原参保。",
        )


def _require_inside(enrollment: Enrollment, day: date) -> None:
    if day <= enrollment.valid_from or (enrollment.valid_until is not None and day > enrollment.valid_until):
        raise BusinessError(
            "enrollment.date_outside", f"{day} 不在这段参保之内（{enrollment.valid_from} 起），请核对日期。"
        )


def _locked_person(person_id: int) -> Person:
    # The person's row is the lock under which coverage changes, so that two counters cannot both see it free.
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise BusinessError("enrollment.person_unknown", "没有这个人的档案，请先登记。")
    return person


def _locked(enrollment_id: int) -> Enrollment:
    enrollment = Enrollment.objects.select_related("person").filter(pk=enrollment_id).first()
    if enrollment is None:
        raise BusinessError("enrollment.enrollment_unknown", "没有这条参保记录，请重新查询。")
    _locked_person(enrollment.person_id)
    return Enrollment.objects.select_for_update(of=("self",)).select_related("person").get(pk=enrollment_id)


def _record(enrollment: Enrollment, action: str, summary: str, by: Staff) -> None:
    actions.record(
        action=action,
        subject_kind="person",
        subject_key=str(enrollment.person_id),
        summary=summary,
        detail={"enrollment": enrollment.pk},
        area_code=enrollment.area_id,
        by=by,
    )

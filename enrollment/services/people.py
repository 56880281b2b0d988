"""Register people and keep their file true: birth and gender follow from the checked ID number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from bureau import walls
from bureau.fields.encrypted import encrypting
from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.areas import known_areas
from bureau.trail.services import actions
from enrollment.models import ID_CONTEXT, PHONE_CONTEXT, Person
from enrollment.selectors.people import id_index

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of a bulk registration; the ID number is checked like any other."""

    id_number: str
    name: str
    area_code: str
    phone: str = ""
    is_registered_poor: bool = False


@transaction.atomic
def register_person(
    *, id_number: str, name: str, area_code: str, phone: str = "", is_registered_poor: bool = False, by: Staff
) -> Person:
    """Open the file of a person who has none yet."""
    number = identity.read_id(id_number, today=timezone.localdate()).value
    known_as = _checked_name(name)
    _require_area(area_code)
    if Person.objects.filter(id_index=id_index(number)).exists():
        raise BusinessError(
            "enrollment.already_registered", f"{identity.mask_id(number)} 已有个人档案，请直接查询办理。"
        )

    person = Person.objects.create(
        id_number=number,
        name=known_as,
        gender=str(identity.gender(number)),
        born_on=identity.birth_date(number),
        area_id=area_code,
        phone=phone,
        is_registered_poor=is_registered_poor,
    )
    _record(person, "enrollment.person.registered", "登记个人档案", by)
    return person


@transaction.atomic
def register_many(rows: Iterable[PersonRow], *, by: Staff) -> int:
    """Open many files at once; who has one keeps it unchanged. Gives how many are new; a bad ID refuses all."""
    today = timezone.localdate()
    encrypt_id, encrypt_phone = encrypting(ID_CONTEXT), encrypting(PHONE_CONTEXT)
    areas: set[str] = set()
    copied = 0
    with connection.cursor() as cursor:
        cursor.execute(_STAGE_PEOPLE)
        with cursor.copy(_COPY_PEOPLE) as copy:
            for row in rows:
                number = identity.check_id(row.id_number, today=today)
                copy.write_row(
                    (
                        encrypt_id(number),
                        id_index(number),
                        _checked_name(row.name),
                        identity.gender(number).value,
                        identity.birth_date(number),
                        encrypt_phone(row.phone),
                        row.area_code,
                        row.is_registered_poor,
                    )
                )
                areas.add(row.area_code)
                copied += 1
        _require_area(*areas)
        cursor.execute(_INSERT_PEOPLE)
        registered: int = cursor.rowcount
        cursor.execute("DROP TABLE arriving_person")

    if registered:
        actions.record(
            action="enrollment.people.registered",
            subject_kind="people",
            subject_key="bulk",
            summary=f"批量登记个人档案 {registered} 人",
            detail={"rows": copied, "registered": registered},
            by=by,
        )
    return registered


@transaction.atomic
def correct_person(
    *,
    person_id: int,
    name: str | None = None,
    phone: str | None = None,
    area_code: str | None = None,
    is_registered_poor: bool | None = None,
    reason: str,
    by: Staff,
) -> Person:
    """Correct what was written wrongly; the ID number has its own verb."""
    person = _locked(person_id)
    changed: list[str] = []
    if name is not None and name != person.name:
        person.name = _checked_name(name)
        changed.append("name")
    if phone is not None and phone != person.phone:
        person.phone = phone
        changed.append("phone")
    if area_code is not None and area_code != person.area_id:
        _require_area(area_code)
        person.area_id = area_code
        changed.append("area")
    if is_registered_poor is not None and is_registered_poor != person.is_registered_poor:
        person.is_registered_poor = is_registered_poor
        changed.append("is_registered_poor")

    if changed:
        with walls.moving("enrollment_person"):
            person.save(update_fields=changed)
        _record(person, "enrollment.person.corrected", f"更正个人信息：{reason}", by, fields=",".join(changed))
    return person


@transaction.atomic
def correct_id_number(*, person_id: int, id_number: str, reason: str, by: Staff) -> Person:
    """Correct the ID number itself; birth date and gender follow it (WR-31)."""
    person = _locked(person_id)
    number = identity.read_id(id_number, today=timezone.localdate()).value
    if Person.objects.filter(id_index=id_index(number)).exclude(pk=person.pk).exists():
        raise BusinessError(
            "enrollment.id_taken", f"{identity.mask_id(number)} 已是另一人的身份证号，请先核对两份档案。"
        )

    person.id_number = number
    person.gender = str(identity.gender(number))
    person.born_on = identity.birth_date(number)
    person.save(update_fields=["id_number", "id_index", "gender", "born_on"])
    _record(person, "enrollment.person.id_corrected", f"更正身份证号：{reason}", by)
    return person


@transaction.atomic
def record_death(*, person_id: int, deceased_on: date, by: Staff) -> Person:
    """Note the day of death; care after it is refused."""
    person = _locked(person_id)
    if deceased_on < person.born_on or deceased_on > timezone.localdate():
        raise BusinessError("enrollment.death_date", f"死亡日期 {deceased_on} 早于出生或晚于今天，请核对。")
    person.deceased_on = deceased_on
    person.save(update_fields=["deceased_on"])
    _record(person, "enrollment.person.died", f"登记死亡日期 {deceased_on}", by)
    return person


_STAGE_PEOPLE = """
    CREATE TEMPORARY TABLE arriving_person (
        id_number bytea, id_index bytea, name text, gender text, born_on date, phone bytea, area_id text,
        is_registered_poor boolean
    ) ON COMMIT DROP
"""
_COPY_PEOPLE = """
    COPY arriving_person (id_number, id_index, name, gender, born_on, phone, area_id, is_registered_poor) FROM STDIN
"""
# In the order of the index, which says nothing: keys given in the order of ID numbers would tell where a number lies.
_INSERT_PEOPLE = """
    INSERT INTO enrollment_person (id_number, id_index, name, gender, born_on, phone, area_id, is_registered_poor)
    SELECT id_number, id_index, name, gender, born_on, phone, area_id, is_registered_poor FROM arriving_person
     ORDER BY id_index
    ON CONFLICT (id_index) DO NOTHING
"""


def _checked_name(name: str) -> str:
    repaired = identity.repair_name(name).value
    if not repaired:
        raise BusinessError("enrollment.name_missing", "没有姓名，请补填。")
    return repaired


def _require_area(*codes: str) -> None:
    unknown = set(codes) - known_areas(codes)
    if unknown:
        raise BusinessError("enrollment.area_unknown", f"区划代码 {'、'.join(sorted(unknown))} 不在区划表中，请核对。")


def _locked(person_id: int) -> Person:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        raise BusinessError("enrollment.person_unknown", "没有这个人的档案，请先登记。")
    return person


def _record(person: Person, action: str, summary: str, by: Staff, **detail: str) -> None:
    actions.record(
        action=action,
        subject_kind="person",
        subject_key=str(person.pk),
        summary=summary,
        detail=dict(detail),
        area_code=person.area_id,
        by=by,
    )

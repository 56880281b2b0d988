"""Areas, staff and people of an invented corner of Mianyang."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from itertools import count

from django.db import connection

from bureau.kernel.identity import id_check_character
from bureau.kernel.terms import Employment, Scheme
from bureau.organization.models import Area, DutyAssignment, Staff
from bureau.organization.rules import duties as rules
from bureau.organization.terms import AreaLevel, Duty
from enrollment.models import ChronicRecognition, Enrollment, Person
from enrollment.services import people

YOUXIAN = "510704"
JIANGYOU = "510781"
# The towns that stand in the sample rosters.
YOUXIAN_TOWNS = {
    "510704001": "涪江街道",
    "510704002": "富乐街道",
    "510704003": "游仙街道",
    "510704101": "小枧镇",
    "510704102": "魏城镇",
    "510704103": "沉抗镇",
    "510704104": "忠兴镇",
    "510704105": "新桥镇",
}

_sequence = count(1)


def areas() -> None:
    """Mianyang with two of its counties and their towns; calling it again changes nothing."""
    _area("510700", "绵阳市", AreaLevel.CITY, None)
    _area(YOUXIAN, "游仙区", AreaLevel.COUNTY, "510700")
    _area(JIANGYOU, "江油市", AreaLevel.COUNTY, "510700")
    for code, name in YOUXIAN_TOWNS.items():
        _area(code, name, AreaLevel.TOWN, YOUXIAN)
    _area("510781100", "三合镇", AreaLevel.TOWN, JIANGYOU)


def _area(code: str, name: str, level: AreaLevel, parent: str | None) -> None:
    Area.objects.get_or_create(code=code, defaults={"name": name, "level": level.value, "parent_id": parent})


def a_clerk(username: str = "", *duties: Duty, area_code: str = YOUXIAN) -> Staff:
    """A staff member of an area with duties held since 2020; also one who could not exist, with all duties at once."""
    areas()
    number = next(_sequence)
    staff = Staff.objects.create_user(
        username=username or f"clerk-{number}", full_name=f"经办{number}", area_id=area_code, password=None
    )
    with nullcontext() if _go_together(duties) else _any_duties():
        for duty in duties:
            DutyAssignment.objects.create(staff=staff, duty=duty.value, valid_from=date(2020, 1, 1))
    return staff


def _go_together(duties: tuple[Duty, ...]) -> bool:
    return not any(rules.conflicts(duty, duties) for duty in duties)


@contextmanager
def _any_duties() -> Iterator[None]:
    """The owner of the database sets the refusal of incompatible duties aside."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE organization_dutyassignment DISABLE TRIGGER duties_stay_apart")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE organization_dutyassignment ENABLE ALWAYS TRIGGER duties_stay_apart")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def an_id_number(region: str = YOUXIAN, born: date = date(1970, 1, 1), order: int | None = None) -> str:
    """A valid, invented ID number; another one at each call."""
    first_17 = f"{region}{born:%Y%m%d}{(order if order is not None else next(_sequence)) % 1000:03d}"
    return first_17 + id_check_character(first_17)


def a_person(*, id_number: str = "", name: str = "王芳", area_code: str = YOUXIAN, by: Staff | None = None) -> Person:
    """A registered person who is not enrolled."""
    by = by or a_clerk()
    return people.register_person(id_number=id_number or an_id_number(), name=name, area_code=area_code, by=by)


def an_enrollment(
    person: Person | None = None,
    *,
    scheme: Scheme = Scheme.RESIDENT,
    employment: Employment | str = "",
    area_code: str = YOUXIAN,
    valid_from: date = date(2023, 1, 1),
    valid_until: date | None = None,
) -> Enrollment:
    """A stretch of coverage."""
    if scheme is Scheme.EMPLOYEE and not employment:
        employment = Employment.IN_SERVICE
    return Enrollment.objects.create(
        person=person or a_person(),
        scheme=scheme.value,
        employment=str(employment),
        area_id=area_code,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def a_recognition(person: Person, disease_code: str = "M03900", *, valid_from: date) -> ChronicRecognition:
    """One recognized chronic disease."""
    return ChronicRecognition.objects.create(
        person=person,
        disease_code=disease_code,
        disease_name="高血压",
        area_id=person.area_id,
        valid_from=valid_from,
    )

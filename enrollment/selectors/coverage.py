"""Who is covered on a day, by what: for one person at the counter, and for many pairs in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import connection

from enrollment.selectors.people import id_index
from enrollment.terms import RefusedCoverage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from enrollment.models import Person


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """What a claim needs to know of a person on a day; `scheme` is empty when nobody insures them that day."""

    person_id: int
    name: str
    area_code: str
    deceased_on: date | None
    is_registered_poor: bool
    scheme: str
    employment: str
    insured_area: str
    chronic_count: int
    refusal: RefusedCoverage | None

    @property
    def is_covered(self) -> bool:
        return self.refusal is None


class Known(NamedTuple):
    """What a list needs to know of a person on a day; `scheme` is empty when nobody insures them that day."""

    person_id: int
    name: str
    deceased_on: date | None
    scheme: str
    insured_area: str


_COLUMNS = """
    wanted.key, wanted.day, person.id, person.name, person.area_id, person.deceased_on, person.is_registered_poor,
    coalesce(enrolled.scheme, ''), coalesce(enrolled.employment, ''), coalesce(enrolled.area_id, ''),
    (SELECT count(*) FROM enrollment_chronicrecognition recognized
      WHERE recognized.person_id = person.id AND recognized.valid_from <= wanted.day
        AND (recognized.valid_until IS NULL OR recognized.valid_until > wanted.day))
"""
_ENROLLED = """
    LEFT JOIN enrollment_enrollment enrolled
      ON enrolled.person_id = person.id AND enrolled.valid_from <= wanted.day
     AND (enrolled.valid_until IS NULL OR enrolled.valid_until > wanted.day)
"""
_BY_ID_NUMBER = f"""
    SELECT {_COLUMNS}
      FROM unnest(%s::bytea[], %s::date[]) AS wanted(key, day)
      JOIN enrollment_person person ON person.id_index = wanted.key {_ENROLLED}
"""  # noqa: S608 - only constants of this module are joined
_BY_PERSON = f"""
    SELECT {_COLUMNS}
      FROM unnest(%s::bigint[], %s::date[]) AS wanted(key, day)
      JOIN enrollment_person person ON person.id = wanted.key {_ENROLLED}
"""  # noqa: S608 - only constants of this module are joined

_KNOWN = """
    SELECT person.id_index, person.id, person.name, person.deceased_on,
           coalesce(enrolled.scheme, ''), coalesce(enrolled.area_id, '')
      FROM enrollment_person person
      LEFT JOIN enrollment_enrollment enrolled
        ON enrolled.person_id = person.id AND enrolled.valid_from <= %(day)s
       AND (enrolled.valid_until IS NULL OR enrolled.valid_until > %(day)s)
     WHERE person.id_index = ANY(%(indices)s)
"""


def coverage_on(person: Person, day: date) -> CoverageFacts:
    """The coverage of one person on `day`."""
    return facts_by_person([(person.pk, day)])[person.pk, day]


def facts_for(requests: Iterable[tuple[str, date]]) -> dict[tuple[str, date], CoverageFacts]:
    """Facts for many (ID number, day) in one query; pairs of an unknown person are absent."""
    wanted = set(requests)
    indices = {number: id_index(number) for number in {number for number, _ in wanted}}
    numbers = {index: number for number, index in indices.items()}
    facts = _facts(_BY_ID_NUMBER, sorted((indices[number], day) for number, day in wanted))
    return {(numbers[index], day): found for (index, day), found in facts.items()}


def known_on(id_numbers: Iterable[str], day: date) -> dict[str, Known]:
    """Who of many is known, and by whom insured on one day, in one query; people without a file are absent."""
    numbers = {id_index(number): number for number in id_numbers}
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"indices": list(numbers), "day": day})
        return {numbers[_key(index)]: Known(*facts) for index, *facts in cursor.fetchall()}


def facts_by_person(requests: Iterable[tuple[int, date]]) -> dict[tuple[int, date], CoverageFacts]:
    """Facts for many (person, day) in one query; pairs of an unknown person are absent."""
    return _facts(_BY_PERSON, sorted(set(requests)))


def _facts(statement: str, wanted: Sequence[tuple[Any, date]]) -> dict[tuple[Any, date], CoverageFacts]:
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [[key for key, _ in wanted], [day for _, day in wanted]])
        return {(_key(row[0]), row[1]): _as_facts(row) for row in cursor.fetchall()}


def _key(key: Any) -> Any:
    return bytes(key) if isinstance(key, memoryview) else key


def _as_facts(row: tuple[Any, ...]) -> CoverageFacts:
    _, day, person_id, name, area_code, deceased_on, is_poor, scheme, employment, insured_area, chronic_count = row
    return CoverageFacts(
        person_id=person_id,
        name=name,
        area_code=area_code,
        deceased_on=deceased_on,
        is_registered_poor=is_poor,
        scheme=scheme,
        employment=employment,
        insured_area=insured_area,
        chronic_count=chronic_count,
        refusal=_refusal(day, deceased_on, scheme),
    )


def _refusal(day: date, deceased_on: date | None, scheme: str) -> RefusedCoverage | None:
    if deceased_on is not None and day > deceased_on:
        return RefusedCoverage.DECEASED
    return None if scheme else RefusedCoverage.NOT_ENROLLED

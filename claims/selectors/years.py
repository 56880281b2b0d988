"""The claims of person-years with everything that was filed; the facts of the day come from the parties' selectors."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence


class FiledClaim(NamedTuple):
    """A claim as filed, with the level of its institution."""

    person_year_id: int
    claim_id: int
    number: str
    person_id: int
    sequence: int
    service_date: date
    care: str
    level: str
    care_area: str
    is_filed: bool
    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int


def claims_of(person_year_ids: Sequence[int]) -> list[FiledClaim]:
    """All claims of these person-years that were not canceled, in the order in which they count; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIMS, [list(person_year_ids)])
        return [FiledClaim(*row) for row in cursor.fetchall()]


_CLAIMS = """
    SELECT owner.id, claim.id, claim.number, claim.person_id, claim.sequence, claim.service_date, claim.care,
           institution.level, claim.care_area, claim.is_filed,
           claim.total, claim.excluded, claim.over_ceiling, claim.upfront_copay
      FROM claims_personyear owner
      JOIN claims_claim claim ON claim.person_id = owner.person_id AND claim.year = owner.year
      JOIN institutions_institution institution ON institution.id = claim.institution_id
     WHERE owner.id = ANY(%s) AND claim.stage <> 'canceled'
     ORDER BY owner.id, claim.sequence
"""

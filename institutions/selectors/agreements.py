"""What an institution may do on a day: one at the counter, many in one query for claim intake."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import connection

from bureau.fields import valid_on
from institutions.models import Agreement, Institution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Standing:
    """An institution on a day; whether it needs an agreement there, the caller knows (decision 7)."""

    institution_id: int
    name: str
    kind: str
    level: str
    area_code: str
    has_agreement: bool
    capabilities: frozenset[str]


_STANDING = """
    SELECT wanted.code, wanted.day, institution.id, institution.name, institution.kind, institution.level,
           institution.area_id,
           EXISTS (SELECT 1 FROM institutions_agreement agreement
                    WHERE agreement.institution_id = institution.id AND agreement.valid_from <= wanted.day
                      AND (agreement.valid_until IS NULL OR agreement.valid_until > wanted.day)),
           ARRAY(SELECT granted.capability FROM institutions_institutioncapability granted
                  WHERE granted.institution_id = institution.id AND granted.valid_from <= wanted.day
                    AND (granted.valid_until IS NULL OR granted.valid_until > wanted.day))
      FROM unnest(%s::text[], %s::date[]) AS wanted(code, day)
      JOIN institutions_institution institution ON institution.code = wanted.code
"""


def agreement_on(institution: Institution, day: date) -> Agreement | None:
    """The agreement that covers `day`."""
    return Agreement.objects.filter(valid_on(day), institution=institution).first()


def agreements_of(institution: Institution) -> QuerySet[Agreement]:
    """Every agreement, the latest first."""
    return Agreement.objects.filter(institution=institution).order_by("-valid_from")


def standing_for(requests: Iterable[tuple[str, date]]) -> dict[tuple[str, date], Standing]:
    """The standing of many (institution code, day) in one query; pairs of an unknown institution are absent."""
    wanted = sorted(set(requests))
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [[code for code, _ in wanted], [day for _, day in wanted]])
        return {(code, day): _as_standing(found) for code, day, *found in cursor.fetchall()}


def _as_standing(found: list[Any]) -> Standing:
    institution_id, name, kind, level, area_code, has_agreement, capabilities = found
    return Standing(
        institution_id=institution_id,
        name=name,
        kind=kind,
        level=level,
        area_code=area_code,
        has_agreement=has_agreement,
        capabilities=frozenset(capabilities),
    )

"""Run person-years again after a fact or the law has changed, and say what would change before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from claims.selectors import claims
from claims.services import adjudication

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bureau.organization.models import Staff

LAYERS = ("pooled", "major_illness", "assistance", "personal_burden")


@dataclass(frozen=True, slots=True)
class Change:
    """A claim whose amounts change; what is settled already becomes a difference."""

    institution_code: str
    number: str
    is_settled: bool
    before: dict[str, int]
    after: dict[str, int]


def recalculate(
    *, person_ids: Iterable[int] | None, is_applied: bool, reason: str, by: Staff | None
) -> tuple[adjudication.Summary, list[Change]]:
    """The years of these people (of everybody when None) once more; without `is_applied` nothing stays."""
    with transaction.atomic():
        years = claims.years_of(person_ids)
        before = claims.current_amounts(years, LAYERS)
        summary = adjudication.recalculate(years, reason=reason, by=by if is_applied else None)
        after = claims.current_amounts(years, LAYERS)
        if not is_applied:
            transaction.set_rollback(True)
    return summary, _changes(before, after)


def _changes(
    before: Mapping[tuple[str, str], tuple[bool, Sequence[int]]],
    after: Mapping[tuple[str, str], tuple[bool, Sequence[int]]],
) -> list[Change]:
    nothing = (0,) * len(LAYERS)
    return [
        Change(
            institution_code=key[0],
            number=key[1],
            is_settled=is_settled,
            before=dict(zip(LAYERS, before.get(key, (False, nothing))[1], strict=True)),
            after=dict(zip(LAYERS, amounts, strict=True)),
        )
        for key, (is_settled, amounts) in sorted(after.items())
        if amounts != before.get(key, (False, nothing))[1]
    ]

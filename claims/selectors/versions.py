"""Stored adjudications, every version of them, as `rules.recheck` reads them; and the findings that came of it."""

from __future__ import annotations

import json
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db import connection

from bureau.organization.selectors.scope import narrow
from claims.models import Adjudication, Discrepancy, PersonYear
from claims.rules.facts import ClaimFacts
from claims.rules.recheck import AMOUNTS, Stored
from claims.terms import DiscrepancyStage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def person_years(*, year: int | None = None, sample: int | None = None) -> list[int]:
    """The keys of person-years, of one year or of all; `sample` gives so many of them, drawn anew each time."""
    found = PersonYear.objects.order_by("pk" if sample is None else "?")
    if year is not None:
        found = found.filter(year=year)
    keys = found.values_list("pk", flat=True)
    return sorted(keys if sample is None else keys[:sample])


def between(first: int, last: int) -> list[int]:
    """The person-years of a stretch of keys, both ends included."""
    return list(PersonYear.objects.filter(pk__range=(first, last)).order_by("pk").values_list("pk", flat=True))


def of_years(person_year_ids: Sequence[int]) -> Iterator[list[Stored]]:
    """Every version of every claim, person-year by person-year; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, [list(person_year_ids)])
        rows = cursor.fetchall()
    for _, year in groupby(rows, key=itemgetter(0)):
        yield [_stored(row) for row in year]


def of_year_with(adjudication: Adjudication) -> list[Stored]:
    """Every version of the person-year to which this one belongs."""
    claim = adjudication.claim
    keys = PersonYear.objects.filter(person_id=claim.person_id, year=claim.year).values_list("pk", flat=True)
    return next(of_years(list(keys)), [])


def first_under(policy_sha256: str) -> tuple[int, str]:
    """Key and area of the first adjudication under a policy."""
    first = Adjudication.objects.filter(policy_sha256=policy_sha256).order_by("pk")
    return first.values_list("pk", "area_id")[0]


def findings(by: Staff, *, stage: str = "") -> QuerySet[Discrepancy]:
    """核算不符, what is open first, the latest first."""
    found = Discrepancy.objects.select_related("adjudication__claim__institution", "explained_by").defer(
        "adjudication__trace", "adjudication__facts"
    )
    found = narrow(found, by)
    if stage:
        found = found.filter(stage=stage)
    return found.order_by("-stage", "-opened_at", "-pk")


def open_findings(by: Staff) -> int:
    """How many wait for an explanation."""
    return narrow(Discrepancy.objects.filter(stage=DiscrepancyStage.OPEN.value), by).count()


def _stored(row: tuple[Any, ...]) -> Stored:
    _, pk, claim_id, area_code, policy, written_at, is_canceled, facts, trace, *rest = row
    amounts, filed = rest[: len(AMOUNTS)], rest[len(AMOUNTS) :]
    return Stored(
        pk=pk,
        claim_id=claim_id,
        area_code=area_code,
        policy_sha256=policy,
        written_at=written_at,
        is_canceled=is_canceled,
        facts=_facts(claim_id, json.loads(facts), filed),
        amounts=tuple(amounts),
        trace=json.loads(trace),
    )


def _facts(claim_id: int, known: dict[str, Any], filed: Sequence[Any]) -> ClaimFacts | None:
    """What the kernel read; None where a fact is missing."""
    sequence, service_date, care, care_area, is_filed, total, excluded, over_ceiling, upfront_copay = filed
    try:
        return ClaimFacts(
            claim_id=str(claim_id),
            sequence=sequence,
            service_date=service_date,
            scheme=known["scheme"],
            employment=known["employment"],
            relief=known["relief"],
            registered_poor=known["registered_poor"],
            care=care,
            level=known["level"],
            insured_area=known["insured_area"],
            care_area=care_area,
            filing=is_filed,
            signed=False,
            chronic_count=known["chronic_count"],
            total=total,
            excluded=excluded,
            over_ceiling=over_ceiling,
            upfront_copay=upfront_copay,
        )
    except (KeyError, TypeError):
        return None


_VERSIONS = f"""
    SELECT owner.id, held.id, held.claim_id, held.area_id, held.policy_sha256, held.created_at,
           claim.stage = 'canceled', held.facts, held.trace, {", ".join(f"held.{name}" for name in AMOUNTS)},
           claim.sequence, claim.service_date, claim.care, claim.care_area, claim.is_filed,
           claim.total, claim.excluded, claim.over_ceiling, claim.upfront_copay
      FROM claims_personyear owner
      JOIN claims_claim claim ON claim.person_id = owner.person_id AND claim.year = owner.year
      JOIN claims_adjudication held ON held.claim_id = claim.id
     WHERE owner.id = ANY(%s)
     ORDER BY owner.id, held.id
"""  # noqa: S608  the names of the columns are a constant of ours

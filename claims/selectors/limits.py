"""A person's year as the kernel reads it, from the facts that stand with each adjudication; and what is left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from bureau import walls
from bureau.policy.selectors import rulesets
from claims.models import Adjudication
from claims.rules import flow
from claims.rules.person_year import ClaimFacts
from claims.rules.remaining import remaining
from claims.terms import ClaimStage

if TYPE_CHECKING:
    from bureau.policy.rules.rulebook import Rulebook
    from claims.rules.flow import Flow
    from claims.rules.remaining import Room


@dataclass(frozen=True, slots=True)
class YearOfLimits:
    """The yearly lines of a person as of a day, and where the money of the year went."""

    year: int
    on: date
    scheme: str
    rooms: list[Room]
    rulebook: Rulebook
    flow: Flow | None


# The lines run through the whole year, also where a part of it was insured in another county.
@walls.as_system()
def of_person(person_id: int, *, year: int | None = None) -> YearOfLimits | None:
    """The lines of the person's latest year with claims (or of `year`); None where nothing was adjudicated."""
    held = Adjudication.objects.filter(claim__person_id=person_id, is_current=True).exclude(
        claim__stage=ClaimStage.CANCELED.value
    )
    if year is not None:
        held = held.filter(claim__year=year)
    rows = list(held.select_related("claim").defer("trace").order_by("claim__year", "claim__sequence"))
    if not rows:
        return None
    latest = rows[-1].claim.year
    rows = [row for row in rows if row.claim.year == latest]
    facts = [facts_of(row) for row in rows]
    standing = max(facts, key=lambda claim: (claim.service_date, claim.sequence))
    today = timezone.localdate()
    on = today if today.year == latest else date(latest, 12, 31)
    rulebook = rulesets.rulebook_in_force()
    rooms = remaining(rulebook, facts, standing, on=on)
    went = flow.draw(flow.together(flow.went(row.claim, row) for row in rows))
    return YearOfLimits(latest, on, standing.scheme, rooms, rulebook, went)


def facts_of(adjudication: Adjudication) -> ClaimFacts:
    """The facts by which a claim was computed."""
    claim, known = adjudication.claim, adjudication.facts
    return ClaimFacts(
        claim_id=str(claim.pk),
        sequence=claim.sequence,
        service_date=claim.service_date,
        scheme=known["scheme"],
        employment=known["employment"],
        relief=known["relief"],
        registered_poor=known["registered_poor"],
        care=claim.care,
        level=known["level"],
        insured_area=known["insured_area"],
        care_area=claim.care_area,
        filing=claim.is_filed,
        signed=False,
        chronic_count=known["chronic_count"],
        total=claim.total,
        excluded=claim.excluded,
        over_ceiling=claim.over_ceiling,
        upfront_copay=claim.upfront_copay,
    )

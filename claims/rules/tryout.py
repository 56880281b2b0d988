"""试算: facts made up at a desk, computed by any law; two results step by step beside each other. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.kernel.trace import Step
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Relation
from claims.rules.facts import ClaimFacts, FactError, faults_of

# The order of the steps in an explanation (rules.explanation); a step that one law does not know has its place too.
_ORDER = (
    "total",
    "excluded",
    "over_ceiling",
    "upfront_copay",
    "eligible",
    "not_covered",
    "prepay",
    "deductible",
    "ratio",
    "annual_limit",
    "pooled",
    "major_illness",
    "relief_deductible",
    "relief_ratio",
    "assistance",
    "special_relief",
    "personal_burden",
)
# Codes that lie in no pool of ours: somewhere in a province, and two municipalities.
_ELSEWHERE = "{}9900"
_FAR, _FAR_FROM_THERE = "110100", "310100"


@dataclass(frozen=True, slots=True)
class Standing:
    """The person. `insured_area` is empty for the city of the law."""

    scheme: str
    employment: str
    relief: str
    registered_poor: bool
    insured_area: str
    signed: bool
    chronic_count: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One bill; money in fen. `place` is a `Relation`: where the care lies from where the person is insured."""

    on: date
    care: str
    level: str
    place: str
    filing: bool
    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int


@dataclass(frozen=True, slots=True)
class Pair:
    """One step under both laws; a law that does not take the step has none."""

    step: str
    title: str
    first: Step | None
    second: Step | None

    @property
    def difference(self) -> int | None:
        """What the second has more, in fen; None where they cannot be compared."""
        return None if self.first is None or self.second is None else self.second.amount - self.first.amount

    @property
    def is_different(self) -> bool:
        return self.difference != 0


def facts(rulebook: Rulebook, standing: Standing, visits: Iterable[Visit], *, on: date | None) -> list[ClaimFacts]:
    """The person-year as the engine reads it, in the order of the visits; `on` moves all of them to one day."""
    made = []
    for number, visit in enumerate(visits, start=1):
        day = on or visit.on
        home = standing.insured_area
        if not home or rulebook.pool_of(home, day) is None:
            home = rulebook.city_set.code
        made.append(
            ClaimFacts(
                claim_id=str(number),
                sequence=number,
                service_date=day,
                scheme=standing.scheme,
                employment=standing.employment,
                relief=standing.relief,
                registered_poor=standing.registered_poor,
                care=visit.care,
                level=visit.level,
                insured_area=home,
                care_area=_care_area(home, visit.place),
                filing=visit.filing,
                signed=standing.signed,
                chronic_count=standing.chronic_count,
                total=visit.total,
                excluded=visit.excluded,
                over_ceiling=visit.over_ceiling,
                upfront_copay=visit.upfront_copay,
            )
        )
    return made


def faults(rulebook: Rulebook, made: Sequence[ClaimFacts]) -> list[tuple[int, FactError]]:
    """With what the law cannot compute: number of the visit (from 0) and fault."""
    return [(number, fault) for number, claim in enumerate(made) for fault in faults_of(rulebook, claim)]


def paired(first: Iterable[Step], second: Iterable[Step]) -> list[Pair]:
    """The steps of two explanations beside each other."""
    one, other = ({step.step: step for step in steps} for steps in (first, second))
    return [
        Pair(name, (one.get(name) or other[name]).title, one.get(name), other.get(name))
        for name in _ORDER
        if name in one or name in other
    ]


def _care_area(home: str, place: str) -> str:
    if place == Relation.SAME_POOL:
        return home
    if place == Relation.SAME_PROVINCE:
        return _ELSEWHERE.format(home[:2])
    return _FAR if home[:2] != _FAR[:2] else _FAR_FROM_THERE

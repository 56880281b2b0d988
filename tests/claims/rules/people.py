"""Facts for the tests of the engine: one ordinary claim to change, and random person-years."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from claims.rules.person_year import ClaimFacts

CARES = (
    "outpatient",
    "pharmacy",
    "chronic",
    "serious",
    "two_diseases",
    "dialysis",
    "inpatient",
    "maternity_natural",
    "maternity_caesarean",
)
LEVELS = ("primary", "secondary", "tertiary", "pharmacy")
RELIEFS = ("none", "destitute", "subsistence", "marginal", "illness_poor", "other")
PLACES = ("510704", "510703", "510781", "510107", "511102", "500112", "110101")

ORDINARY = ClaimFacts(
    claim_id="1",
    sequence=1,
    service_date=date(2023, 3, 1),
    scheme="resident",
    employment="",
    relief="none",
    registered_poor=False,
    care="inpatient",
    level="primary",
    insured_area="510704",
    care_area="510704",
    filing=False,
    signed=False,
    chronic_count=0,
    total=0,
    excluded=0,
    over_ceiling=0,
    upfront_copay=0,
)


def claim(sequence: int = 1, yuan: int = 0, fen: int = 0, **facts: Any) -> ClaimFacts:
    """An ordinary claim of a resident at a township hospital, all of it eligible."""
    return replace(ORDINARY, claim_id=str(sequence), sequence=sequence, total=yuan * 100 + fen, **facts)


def random_year(chance: random.Random, year: int | None = None) -> list[ClaimFacts]:
    """A person-year in which nothing holds still: amounts up to the caps, changing identity, scheme and place."""
    year = year or chance.choice((2022, 2023))
    steady = chance.random() < 0.6
    fixed = _person(chance)
    size = chance.choice((100, 5_000, 60_000, 400_000))
    claims = []
    for sequence in range(1, chance.randint(1, 9) + 1):
        person = fixed if steady or chance.random() < 0.6 else _person(chance)
        total = chance.randint(0, size * 100)
        rest, parts = total, []
        for _ in range(3):
            parts.append(chance.choice((0, chance.randint(0, rest // 3))))
            rest -= parts[-1]
        claims.append(
            ClaimFacts(
                claim_id=str(sequence),
                sequence=sequence,
                service_date=date(year, 1, 1) + timedelta(chance.randint(0, 364)),
                care=chance.choice(CARES) if chance.random() < 0.5 else chance.choice(("inpatient", "chronic")),
                level=chance.choice(LEVELS[:3]) if chance.random() < 0.9 else "pharmacy",
                care_area=chance.choice(PLACES) if chance.random() < 0.4 else "510704",
                filing=chance.random() < 0.4,
                signed=chance.random() < 0.2,
                chronic_count=chance.choice((0, 1, 1, 2, 3)),
                total=total,
                excluded=parts[0],
                over_ceiling=parts[1],
                upfront_copay=parts[2],
                **person,
            )
        )
    chance.shuffle(claims)
    return claims


def _person(chance: random.Random) -> dict[str, Any]:
    scheme = chance.choice(("employee", "resident"))
    return {
        "scheme": scheme,
        "employment": "" if scheme == "resident" else chance.choice(("in_service", "retired")),
        "relief": chance.choice(RELIEFS),
        "registered_poor": chance.random() < 0.1,
        "insured_area": chance.choice(PLACES[:3]),
    }

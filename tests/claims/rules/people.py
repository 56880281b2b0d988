"""Facts for the tests of the engine: one ordinary claim to change, and random person-years."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
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
# How often each occurs in an ordinary year.
ORDINARY_SHARES = (50, 15, 15, 2, 5, 2, 10, 0.5, 0.5)
LEVELS = ("primary", "secondary", "tertiary", "pharmacy")
RELIEFS = ("none", "destitute", "subsistence", "marginal", "illness_poor", "other")
PLACES = ("510704", "510703", "510781", "510107", "511102", "500112", "110101")


@dataclass(frozen=True)
class Home:
    """Where and when the people of a city are ill: home areas, where else they go, days around which things change."""

    areas: tuple[str, ...]
    away: tuple[str, ...]
    first: date
    edges: tuple[date, ...]


HOMES = {
    "mianyang": Home(PLACES[:3], PLACES[3:], date(2022, 1, 1), (date(2023, 1, 1),)),
    "wenzhou": Home(
        ("330302", "330328", "330381"), ("330102", "330702", "310101", "220102"), date(2022, 1, 1), (date(2023, 1, 1),)
    ),
    "hangzhou": Home(
        ("330102", "330122", "330127", "330182"),
        ("330302", "330702", "310101", "510704"),
        date(2021, 1, 1),
        (date(2022, 1, 1),),
    ),
    "changchun": Home(
        ("220102", "220112", "220113", "220122", "220182", "220183", "220184"),
        ("220202", "220302", "110101", "330102"),
        date(2022, 1, 1),
        (date(2022, 9, 1), date(2023, 1, 1)),
    ),
}

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


def random_year(chance: random.Random, year: int | None = None, city: str = "mianyang") -> list[ClaimFacts]:
    """A person-year in which nothing holds still: amounts up to the caps, changing identity, scheme and place."""
    home = HOMES[city]
    years = range(home.first.year, max(edge.year for edge in home.edges) + 1)
    year = year or chance.choice(years)
    steady = chance.random() < 0.6
    fixed = _person(chance, home)
    size = chance.choice((100, 5_000, 60_000, 400_000))
    claims = []
    for sequence in range(1, chance.randint(1, 9) + 1):
        person = fixed if steady or chance.random() < 0.6 else _person(chance, home)
        total = chance.randint(0, size * 100)
        rest, parts = total, []
        for _ in range(3):
            parts.append(chance.choice((0, chance.randint(0, rest // 3))))
            rest -= parts[-1]
        claims.append(
            ClaimFacts(
                claim_id=str(sequence),
                sequence=sequence,
                service_date=_day(chance, year, home),
                care=chance.choice(CARES) if chance.random() < 0.6 else chance.choice(("inpatient", "chronic")),
                level=chance.choice(LEVELS[:3]) if chance.random() < 0.9 else "pharmacy",
                care_area=chance.choice(home.areas + home.away) if chance.random() < 0.5 else home.areas[0],
                filing=chance.random() < 0.4,
                signed=chance.random() < 0.3,
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


def ordinary_year(chance: random.Random, city: str = "mianyang") -> list[ClaimFacts]:
    """A year as most people have it: small visits, a stay now and then, few of them in relief or away."""
    home = HOMES[city]
    person = _person(chance, home) | {"registered_poor": False}
    person["relief"] = "none" if chance.random() < 0.94 else person["relief"]
    claims = []
    for sequence in range(1, chance.randint(1, 9) + 1):
        care = chance.choices(CARES, ORDINARY_SHARES)[0]
        mean = {"inpatient": 8_000, "serious": 2_000, "dialysis": 500}.get(care, 150)
        total = int(chance.expovariate(1 / mean) * 100)
        away = chance.random() < 0.1
        claims.append(
            claim(
                sequence,
                fen=total,
                service_date=date(home.first.year, 1, 1) + timedelta(chance.randint(0, 364)),
                care=care,
                level="pharmacy" if care == "pharmacy" else chance.choice(LEVELS[:3]),
                care_area=chance.choice(home.away) if away else person["insured_area"],
                filing=chance.random() < 0.5,
                chronic_count=1 if care == "chronic" else 0,
                excluded=chance.choice((0, 0, 0, total // 4)),
                **person,
            )
        )
    return claims


def _day(chance: random.Random, year: int, home: Home) -> date:
    """Any day of the year, or one of the two days between which the law changes."""
    days = [day for edge in home.edges for day in (edge - timedelta(1), edge) if day.year == year]
    if days and chance.random() < 0.4:
        return chance.choice(days)
    return date(year, 1, 1) + timedelta(chance.randint(0, 364))


def _person(chance: random.Random, home: Home) -> dict[str, Any]:
    scheme = chance.choice(("employee", "resident"))
    return {
        "scheme": scheme,
        "employment": "" if scheme == "resident" else chance.choice(("in_service", "retired")),
        "relief": chance.choice(RELIEFS),
        "registered_poor": chance.random() < 0.1,
        "insured_area": chance.choice(home.areas),
    }

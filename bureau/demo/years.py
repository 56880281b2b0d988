"""Whole invented years as rows of a snapshot, drawn without any database: Mianyang's, and Hangzhou's of 2021."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from bureau.demo import bills
from bureau.demo.bills import Bill
from bureau.demo.city import City
from bureau.demo.people import Inhabitant
from bureau.demo.prices import price
from bureau.demo.seeds import Urn, stream
from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme
from bureau.simulation.rules.snapshots import Row

HANGZHOU_PEOPLE = 1_200

# 杭州市区与 2021 年底以前各自统筹的三县市, by their inhabitants.
_HOMES = Urn([("330102", 30), ("330106", 30), ("330122", 12), ("330127", 12), ("330182", 16)])
_CITY_DISTRICT = "330102"
_SCHEMES = Urn([(Scheme.EMPLOYEE, 55), (Scheme.RESIDENT, 45)])
_RELIEFS = Urn(
    [
        (ReliefCategory.NONE, 940),
        (ReliefCategory.DESTITUTE, 6),
        (ReliefCategory.SUBSISTENCE, 24),
        (ReliefCategory.MARGINAL, 14),
        (ReliefCategory.ILLNESS_POOR, 10),
        (ReliefCategory.OTHER, 6),
    ]
)
_CARES = Urn(
    [
        (Care.OUTPATIENT, 58),
        (Care.PHARMACY, 14),
        (Care.CHRONIC, 14),
        (Care.INPATIENT, 10),
        (Care.DIALYSIS, 2),
        (Care.SERIOUS, 2),
    ]
)
_LEVELS = Urn([(Level.PRIMARY, 45), (Level.SECONDARY, 25), (Level.TERTIARY, 30)])


def mianyang(city: City, year: int) -> Iterator[Row]:
    """The sound bills of twelve months of the demo's people, nobody on relief, in the order of person and sequence."""
    people = {person.id_number: (number, person) for number, person in enumerate(city.people, start=1)}
    levels = {place.code: place.level for place in city.providers}
    taken: dict[str, list[Bill]] = defaultdict(list)
    for month in range(1, 13):
        for bill in bills.month_of(city.seed, city.size, date(year, month, 1), city.people, city.providers):
            if bill.id_number in people and people[bill.id_number][1].name == bill.name:
                taken[bill.id_number].append(bill)
    for id_number in sorted(taken, key=lambda key: people[key][0]):
        number, person = people[id_number]
        ordered = sorted(taken[id_number], key=lambda bill: (bill.service_date, bill.institution_code, bill.number))
        for sequence, bill in enumerate(ordered, start=1):
            row = _row(number, sequence, person, bill, levels[bill.institution_code])
            if row is not None:
                yield row


def _row(number: int, sequence: int, person: Inhabitant, bill: Bill, level: Level) -> Row | None:
    stretch = person.covered_throughout(bill.service_date, bill.service_date)
    eligible = bill.total - bill.excluded - bill.over_ceiling - bill.upfront_copay
    if stretch is None or eligible < 0:
        return None
    profile = (
        str(stretch.scheme),
        stretch.employment,
        str(ReliefCategory.NONE),
        "no",
        str(bill.care),
        str(level),
        "yes" if bill.is_filed else "no",
        "no",
        str(len(person.recognized_on(bill.service_date))),
    )
    place = (bill.service_date.isoformat(), person.county, bill.care_area)
    return Row(number, bill.service_date.year, sequence, profile, place, bill.total, eligible)


def hangzhou(seed: int, people: int = HANGZHOU_PEOPLE) -> Iterator[Row]:
    """A year in four pooling areas: who lives in the three counties goes to the city's hospitals too, often unfiled."""
    chance = stream(seed, "hangzhou", 2021)
    for number in range(1, people + 1):
        home, scheme, relief = _HOMES.draw(chance), _SCHEMES.draw(chance), _RELIEFS.draw(chance)
        employment = ""
        if scheme is Scheme.EMPLOYEE:
            employment = str(Employment.RETIRED if chance.randrange(100) < 30 else Employment.IN_SERVICE)
        days = sorted(chance.randrange(365) for _ in range(chance.randint(1, 8)))
        for sequence, day in enumerate(days, start=1):
            care = _CARES.draw(chance)
            level = Level.PHARMACY if care is Care.PHARMACY else _LEVELS.draw(chance)
            away = level is Level.TERTIARY and chance.randrange(100) < 60
            cost = price(chance, care, level)
            profile = (
                str(scheme),
                employment,
                str(relief),
                "no",
                str(care),
                str(level),
                "yes" if away and chance.randrange(100) < 40 else "no",
                "yes" if level is Level.PRIMARY and chance.randrange(100) < 35 else "no",
                "1",
            )
            place = ((date(2021, 1, 1) + timedelta(days=day)).isoformat(), home, _CITY_DISTRICT if away else home)
            eligible = cost.total - cost.excluded - cost.over_ceiling - cost.upfront_copay
            yield Row(number, 2021, sequence, profile, place, cost.total, eligible)

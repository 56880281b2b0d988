"""The bills of a month: who went where for what, what it cost, and the few rows that an intake must refuse."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from bureau.demo import names
from bureau.demo.people import CANCER, HEMODIALYSIS, TRANSPLANT, Inhabitant
from bureau.demo.prices import price
from bureau.demo.providers import Provider
from bureau.demo.seeds import Urn, stream
from bureau.demo.sizes import Size
from bureau.kernel.terms import Care, Level, Scheme
from institutions.terms import Capability

# Per thousand; so mixed that a visit costs the pools on average what was published: 184.14 yuan for employees,
# 434.64 for residents (YX-25, YX-26).
_CARES = {
    Scheme.EMPLOYEE: [
        (Care.OUTPATIENT, 551),
        (Care.PHARMACY, 283),
        (Care.CHRONIC, 132),
        (Care.INPATIENT, 9),
        (Care.DIALYSIS, 18),
        (Care.SERIOUS, 4),
        (Care.MATERNITY_NATURAL, 2),
        (Care.MATERNITY_CAESAREAN, 1),
    ],
    Scheme.RESIDENT: [
        (Care.OUTPATIENT, 520),
        (Care.TWO_DISEASES, 196),
        (Care.CHRONIC, 150),
        (Care.INPATIENT, 52),
        (Care.PHARMACY, 30),
        (Care.DIALYSIS, 24),
        (Care.SERIOUS, 20),
        (Care.MATERNITY_NATURAL, 5),
        (Care.MATERNITY_CAESAREAN, 3),
    ],
}
_NEEDS = {
    Care.OUTPATIENT: Capability.OUTPATIENT_POOLING,
    Care.PHARMACY: Capability.OUTPATIENT_POOLING,
    Care.CHRONIC: Capability.CHRONIC,
    Care.SERIOUS: Capability.CHRONIC,
    Care.TWO_DISEASES: Capability.OUTPATIENT_POOLING,
    Care.DIALYSIS: Capability.DIALYSIS,
    Care.INPATIENT: Capability.INPATIENT,
    Care.MATERNITY_NATURAL: Capability.MATERNITY,
    Care.MATERNITY_CAESAREAN: Capability.MATERNITY,
}
_BIRTHS = (Care.MATERNITY_NATURAL, Care.MATERNITY_CAESAREAN)
_IN_PHARMACIES = (Care.PHARMACY, Care.CHRONIC)
_LEVELS = {Level.PRIMARY: 5, Level.SECONDARY: 9, Level.TERTIARY: 12, Level.PHARMACY: 6}
# Per thousand bills of a kind of care: how many are treated outside the city.
_OUTSIDE = {Care.INPATIENT: 90, Care.SERIOUS: 60, Care.OUTPATIENT: 8}


@dataclass(frozen=True, slots=True)
class Bill:
    """One row of a claim file; money in fen."""

    institution_code: str
    number: str
    id_number: str
    name: str
    service_date: date
    care: Care
    care_area: str
    is_filed: bool
    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int


class Town:
    """Who can need what, and who offers it, in one month."""

    def __init__(self, people: Sequence[Inhabitant], places: Sequence[Provider], first: date, last: date) -> None:
        self.first, self.last = first, last
        self._patients: dict[tuple[Scheme, Care], Urn[Inhabitant]] = {}
        self._offers: dict[tuple[Care, str], Urn[Provider]] = {}
        covered: dict[Scheme, list[Inhabitant]] = {Scheme.EMPLOYEE: [], Scheme.RESIDENT: []}
        for person in people:
            if stretch := person.covered_throughout(first, last):
                covered[stretch.scheme].append(person)
        for scheme, insured in covered.items():
            for care, _ in _CARES[scheme]:
                self._patients[scheme, care] = Urn([(one, _need(one, care, scheme, first)) for one in insured])
        self._cares = {
            scheme: Urn([(care, weight) for care, weight in weighted if self._patients[scheme, care]])
            for scheme, weighted in _CARES.items()
        }
        payable = [place for place in places if place.has_agreement_throughout(first, last)]
        for county in {person.county for person in people} | {"outside"}:
            for care in Care:
                self._offers[care, county] = Urn([(place, _pull(place, care, county)) for place in payable])

    def care(self, chance: Random, scheme: Scheme) -> Care:
        """A kind of care for which there is a patient this month."""
        return self._cares[scheme].draw(chance)

    def patient(self, chance: Random, scheme: Scheme, care: Care) -> Inhabitant:
        """Somebody who needs this care."""
        return self._patients[scheme, care].draw(chance)

    def place(self, chance: Random, care: Care, county: str) -> Provider:
        """Where somebody of this county goes."""
        outside = chance.randrange(1_000) < _OUTSIDE.get(care, 0)
        return self._offers[care, "outside" if outside else county].draw(chance)


def _need(person: Inhabitant, care: Care, scheme: Scheme, day: date) -> int:
    recognized = person.recognized_on(day)
    if care in _BIRTHS:
        return int(not person.is_male and 20 <= person.age <= 40)
    if care is Care.DIALYSIS:
        return int(HEMODIALYSIS in recognized)
    if care is Care.SERIOUS:
        return int(bool(recognized & {CANCER, TRANSPLANT}))
    if care is Care.CHRONIC:
        return int(bool(recognized - {CANCER, TRANSPLANT, HEMODIALYSIS}))
    if care is Care.TWO_DISEASES:
        return int(person.has_two_diseases and scheme is Scheme.RESIDENT)
    usual = 1 + person.age // 15 if care is Care.INPATIENT else 2 + person.age // 25
    return usual * (3 if person.is_on_roster else 1)


def _pull(place: Provider, care: Care, county: str) -> int:
    if place.is_outside != (county == "outside") or _NEEDS[care] not in place.capabilities:
        return 0
    if care not in _IN_PHARMACIES if place.level is Level.PHARMACY else care is Care.PHARMACY:
        return 0
    return _LEVELS[place.level] * (9 if place.county == county else 1)


def month_of(
    seed: int, size: Size, month: date, people: Sequence[Inhabitant], places: Sequence[Provider]
) -> list[Bill]:
    """All bills of a month, those included that will be refused, by institution, day and number."""
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    chance = stream(seed, "bills", month)
    town = Town(people, places, month, last)
    numbers: Counter[str] = Counter()
    bills = [
        _bill(chance, town, scheme, numbers)
        for scheme, count in ((Scheme.EMPLOYEE, size.employee_bills), (Scheme.RESIDENT, size.resident_bills))
        for _ in range(count)
    ]
    bills += _faulty(stream(seed, "faults", month), town, people, places, bills, numbers)
    return sorted(bills, key=lambda bill: (bill.institution_code, bill.service_date, bill.number))


def by_institution(bills: Sequence[Bill]) -> dict[str, list[Bill]]:
    """The bills of each institution's file."""
    files: dict[str, list[Bill]] = defaultdict(list)
    for bill in bills:
        files[bill.institution_code].append(bill)
    return dict(files)


def _bill(chance: Random, town: Town, scheme: Scheme, numbers: Counter[str]) -> Bill:
    care = town.care(chance, scheme)
    person = town.patient(chance, scheme, care)
    place = town.place(chance, care, person.county)
    day = town.first + timedelta(days=chance.randrange((town.last - town.first).days + 1))
    return _priced(chance, person, place, care, day, numbers)


def _priced(chance: Random, person: Inhabitant, place: Provider, care: Care, day: date, numbers: Counter[str]) -> Bill:
    cost = price(chance, care, place.level)
    numbers[place.code] += 1
    return Bill(
        institution_code=place.code,
        number=f"{day:%Y%m}{numbers[place.code]:05d}",
        id_number=person.id_number,
        name=person.name,
        service_date=day,
        care=care,
        care_area=place.county,
        is_filed=place.is_outside and chance.randrange(100) < 62,
        total=cost.total,
        excluded=cost.excluded,
        over_ceiling=cost.over_ceiling,
        upfront_copay=cost.upfront_copay,
    )


def _faulty(
    chance: Random,
    town: Town,
    people: Sequence[Inhabitant],
    places: Sequence[Provider],
    sound: Sequence[Bill],
    numbers: Counter[str],
) -> Iterator[Bill]:
    def again(**changes: object) -> Bill:
        bill = chance.choice(sound)
        numbers[bill.institution_code] += 1
        number = f"{town.first:%Y%m}{numbers[bill.institution_code]:05d}"
        return replace(bill, number=number, **changes)  # type: ignore[arg-type]

    stranger = names.id_number(chance, is_male=True, born=date(1971, 6, 9))
    yield again(id_number=stranger, name="查无此")
    yield again(id_number=names.with_wrong_check(chance.choice(sound).id_number))
    yield again(name="张冠李")
    uninsured = chance.choice([person for person in people if not person.stretches])
    yield again(id_number=uninsured.id_number, name=uninsured.name)
    bill = again()
    yield replace(bill, excluded=bill.total, over_ceiling=1)
    for place in places:
        if not place.has_agreement_throughout(town.first, town.last):
            yield from _without_agreement(chance, town, place, numbers)


def _without_agreement(chance: Random, town: Town, place: Provider, numbers: Counter[str]) -> Iterator[Bill]:
    is_over = place.agreed_until is not None and place.agreed_until < town.first
    if is_over and place.agreed_until is not None and (town.first - place.agreed_until).days > 45:
        return
    care = Care.PHARMACY if place.level is Level.PHARMACY else Care.OUTPATIENT
    for _ in range(2):
        person = town.patient(chance, Scheme.EMPLOYEE, care)
        yield _priced(chance, person, place, care, town.last - timedelta(days=chance.randrange(10)), numbers)

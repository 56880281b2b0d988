"""What holds of whole cities, on the packs of the house: the same city, the same benefit; a day, another law."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest

from bureau.kernel.errors import BusinessError
from bureau.policy.rules.packs import load_city
from claims.rules.person_year import settle_year
from tests.claims.rules import people

CITIES = list(people.HOMES)


def test_the_same_city_gives_the_same_benefit_wherever_one_is_insured() -> None:
    """HZ-04."""
    rulebook, chance = load_city("hangzhou"), random.Random(1)
    areas = ("330102", "330122", "330127", "330182")
    differed = 0
    for _ in range(500):
        for year in (2021, 2022):
            claims = people.random_year(chance, year, "hangzhou")
            one_place = [replace(facts, care_area="330102", insured_area=areas[0]) for facts in claims]
            outcomes = [
                settle_year(rulebook, [replace(facts, insured_area=area) for facts in one_place]) for area in areas
            ]
            same = all(outcome == outcomes[0] for outcome in outcomes)
            assert same or year == 2021
            differed += not same
    assert differed > 100


def test_care_inside_changchun_is_never_away_once_the_city_is_one_pool() -> None:
    """CC-07, CC-28: filed or not makes no difference inside the city from that day."""
    rulebook, chance = load_city("changchun"), random.Random(2)
    for _ in range(500):
        claims = [
            replace(facts, care_area=chance.choice(people.HOMES["changchun"].areas), service_date=date(2022, 9, 1))
            for facts in people.random_year(chance, 2022, "changchun")
        ]
        unfiled, filed = (
            settle_year(rulebook, [replace(facts, filing=filing) for facts in claims]) for filing in (False, True)
        )
        assert unfiled == filed


@pytest.mark.parametrize("city", CITIES)
def test_a_claim_before_the_first_day_of_a_set_is_refused(city: str) -> None:
    home = people.HOMES[city]
    early = people.claim(
        1,
        100,
        service_date=date.fromordinal(home.first.toordinal() - 1),
        insured_area=home.areas[0],
        care_area=home.areas[0],
    )
    with pytest.raises(BusinessError) as refused:
        settle_year(load_city(city), [early])
    assert refused.value.code == "claim.no_policy"


@pytest.mark.parametrize("city", CITIES)
def test_the_layers_add_up_and_never_exceed_what_is_eligible(city: str) -> None:
    """WZ-26, for every city."""
    rulebook, chance = load_city(city), random.Random(3)
    for _ in range(1_000):
        claims = sorted(people.random_year(chance, city=city), key=lambda facts: facts.sequence)
        for facts, outcome in zip(claims, settle_year(rulebook, claims), strict=True):
            paid = outcome.pooled + outcome.major_illness + outcome.assistance
            assert min(outcome.pooled, outcome.major_illness, outcome.assistance) >= 0
            assert paid <= outcome.eligible
            assert paid + outcome.personal_burden == facts.total


@pytest.mark.parametrize("city", CITIES)
def test_more_eligible_cost_never_gets_less_in_total(city: str) -> None:
    rulebook, chance = load_city(city), random.Random(4)
    for _ in range(500):
        claims = sorted(people.random_year(chance, city=city), key=lambda facts: facts.sequence)[:1]
        more = [replace(facts, total=facts.total + chance.randint(1, 10**6)) for facts in claims]
        [small], [large] = settle_year(rulebook, claims), settle_year(rulebook, more)

        def paid(outcome: object) -> int:
            return sum(getattr(outcome, layer) for layer in ("pooled", "major_illness", "assistance"))

        assert paid(large) >= paid(small)

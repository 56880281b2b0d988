"""The engine against the independent Decimal reference, on random person-years of the four cities."""

from __future__ import annotations

import random
from dataclasses import asdict
from decimal import Decimal

import pytest

from bureau.policy.rules.packs import load_city
from claims.rules.person_year import settle_many
from tests.claims.rules import people, reference

YEARS = 6_000
LAYERS = ("deductible", "pooled", "major_illness", "assistance")


@pytest.mark.parametrize("city", list(people.HOMES))
def test_the_engine_agrees_with_the_decimal_reference_on_random_person_years(city: str) -> None:
    chance = random.Random(20230531)
    years = [people.random_year(chance, city=city) for _ in range(YEARS)]

    settled = settle_many(load_city(city), years)

    reached = dict.fromkeys((*LAYERS, "prepay"), 0)
    for claims, outcomes in zip(years, settled, strict=True):
        for outcome, expected in zip(outcomes, reference.settle(claims, city), strict=True):
            computed = {name: Decimal(fen) / 100 for name, fen in asdict(outcome).items() if name != "claim_id"}
            assert computed == expected, (outcome.claim_id, claims)
            for name in reached:
                reached[name] += computed[name] > 0
    # The sample must really go through every layer.
    assert min(reached[layer] for layer in LAYERS) > YEARS // 2
    assert (reached["prepay"] > YEARS // 10) == (city == "hangzhou")

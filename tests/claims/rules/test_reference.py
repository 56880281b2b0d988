"""The engine against the independent Decimal reference, on random person-years of Mianyang."""

from __future__ import annotations

import random
from dataclasses import asdict
from decimal import Decimal

from bureau.policy.rules.packs import load_city
from claims.rules.person_year import settle_many
from tests.claims.rules import people, reference

YEARS = 10_000


def test_the_engine_agrees_with_the_decimal_reference_on_random_person_years() -> None:
    chance = random.Random(20230531)
    years = [people.random_year(chance) for _ in range(YEARS)]

    settled = settle_many(load_city("mianyang"), years)

    reached = dict.fromkeys(("deductible", "pooled", "major_illness", "assistance"), 0)
    for claims, outcomes in zip(years, settled, strict=True):
        for outcome, expected in zip(outcomes, reference.settle(claims), strict=True):
            computed = {name: Decimal(fen) / 100 for name, fen in asdict(outcome).items() if name != "claim_id"}
            assert computed == expected, (outcome.claim_id, claims)
            for name in reached:
                reached[name] += computed[name] > 0
    # The sample must really go through every layer.
    assert min(reached.values()) > YEARS // 2

"""Laws that nobody wrote: compiled from made-up packs, the engine agrees with the Decimal reference at both speeds."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.rules import batch
from claims.rules.compiled import RunYears, run_years
from claims.rules.facts import ClaimFacts
from claims.rules.person_year import Outcome, settle_many, settle_year
from tests.claims.rules import people, reference
from tests.claims.rules.random_packs import NUMBERS, Made, Numbers, rulebook
from tests.claims.rules.test_compiled import CACHE, rows_of

LAWS = 200
YEARS = 25
LAYERS = ("prepay", "deductible", "pooled", "major_illness", "assistance")
SEEDS = st.integers(0, 10**9)


@pytest.fixture(scope="module")
def compiled() -> RunYears:
    return run_years(CACHE)


def year_of(chance: random.Random) -> list[ClaimFacts]:
    """A year of Hangzhou's people, in which identity, scheme and place change as they like."""
    return people.random_year(chance, 2023, "hangzhou")


def paid(outcome: Outcome) -> int:
    return outcome.pooled + outcome.major_illness + outcome.assistance


def test_plain_compiled_and_reference_agree_on_any_law(compiled: RunYears) -> None:
    reached: Counter[str] = Counter()

    @settings(deadline=None, max_examples=LAWS)
    @given(numbers=NUMBERS, seed=SEEDS)
    def agree(numbers: Numbers, seed: int) -> None:
        law, chance = rulebook(numbers), random.Random(seed)
        years = [year_of(chance) for _ in range(YEARS)]
        plain = settle_many(law, years)
        for claims, outcomes in zip(years, plain, strict=True):
            for outcome, expected in zip(outcomes, reference.settle(claims, Made(numbers)), strict=True):
                computed = {name: Decimal(fen) / 100 for name, fen in asdict(outcome).items() if name != "claim_id"}
                assert computed == expected, (outcome.claim_id, claims)
                reached.update(layer for layer in LAYERS if computed[layer] > 0)
        starts, rows = rows_of(law, years)
        fast, _ = batch.settle(law, starts, rows, compiled=compiled)
        layers = [list(asdict(outcome).values())[2:] for outcomes in plain for outcome in outcomes]
        assert np.array_equal(fast, np.array(layers))

    agree()
    # The laws and years drawn must really go through every layer.
    assert min(reached[layer] for layer in LAYERS) > LAWS, reached


@settings(deadline=None, max_examples=LAWS)
@given(numbers=NUMBERS, seed=SEEDS, data=st.data())
def test_what_holds_of_every_law(numbers: Numbers, seed: int, data: st.DataObject) -> None:
    law, chance = rulebook(numbers), random.Random(seed)
    for _ in range(YEARS // 5):
        claims = sorted(year_of(chance), key=lambda facts: facts.sequence)
        outcomes = settle_year(law, claims)

        # The parts add up, nothing is negative, nobody is paid more than what is eligible.
        for facts, outcome in zip(claims, outcomes, strict=True):
            assert min(list(asdict(outcome).values())[1:]) >= 0
            assert paid(outcome) + outcome.personal_burden == facts.total
            assert paid(outcome) <= facts.eligible

        # Order by sequence only: whatever way the claims lie, the year is the same.
        assert settle_year(law, data.draw(st.permutations(claims))) == outcomes

        # A reversed claim never happened, and back again.
        gone = data.draw(st.integers(0, len(claims) - 1))
        without = [*claims[:gone], *claims[gone + 1 :]]
        assert settle_year(law, without)[:gone] == outcomes[:gone]
        assert settle_year(law, [*without, claims[gone]]) == outcomes

        # More eligible cost, after whatever came before: never less paid in total, never less borne.
        more = data.draw(st.integers(0, 10**7))
        greater = settle_year(law, [*claims[:-1], replace(claims[-1], total=claims[-1].total + more)])
        assert greater[:-1] == outcomes[:-1]
        assert 0 <= paid(greater[-1]) - paid(outcomes[-1]) <= more


def test_the_law_changes_in_the_middle_of_the_year_with_the_accumulators_going_on() -> None:
    """Inpatient 50 % until June 30, 70 % from July 1; the yearly cap of 1,000 runs through."""
    law = rulebook(
        Numbers(
            visit_line=(0, 0, 0),
            visit_ratio=((50,) * 4,) * 2,
            visit_limit=(0, 0),
            chronic_ratio=(0, 0),
            chronic_limit=(0, 0),
            stay_line=(0, 0),
            stay_ratio=((50,) * 3,) * 2,
            dialysis_ratio=(1, 1),
            cap=(1_000, 1_000),
            major_line=60_000,
            major_bands=((300_000, 0),),
            major_cap=1_000,
            relief_ratio=(0,) * 5,
            relief_line=(0,) * 5,
            relief_cap=100,
            visit_relief=1,
            retired_points=0,
            away_points=-1,
            signed_points=0,
            signed_less=1,
            prepaid=1,
            tilt_share=100,
            tilt_points=0,
            special_share=(0, 0),
            reform_points=20,
        )
    )
    days = ("2023-06-30", "2023-07-01", "2023-07-02")
    home = {"insured_area": "330102", "care_area": "330102"}
    claims = [
        people.claim(number, 1_000, service_date=date.fromisoformat(day), **home)
        for number, day in enumerate(days, start=1)
    ]

    # 500.00, then 700.00 of which the cap leaves 500.00, then nothing.
    assert [outcome.pooled for outcome in settle_year(law, claims)] == [500_00, 500_00, 0]

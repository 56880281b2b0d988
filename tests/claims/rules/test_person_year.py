"""Person-years of Mianyang: cases worked by hand, and what must hold for every person-year."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bureau.kernel.errors import BusinessError
from bureau.kernel.trace import Step
from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook
from claims.rules.person_year import (
    ClaimFacts,
    FactError,
    Outcome,
    explain_year,
    settle_many,
    settle_year,
    steps_of,
    trace_year,
)
from tests.claims.rules.people import CARES, LEVELS, RELIEFS, claim, random_year

MIANYANG = load_city("mianyang")


@pytest.fixture
def rulebook() -> Rulebook:
    return MIANYANG


def amounts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Pooled, major illness, assistance, burden, in fen."""
    return outcome.pooled, outcome.major_illness, outcome.assistance, outcome.personal_burden


# Worked by hand.


def test_major_illness_pays_band_by_band_on_the_sum_of_the_year(rulebook: Rulebook) -> None:
    # Tertiary resident: 800 deductible, 60 %. 75,800: pooled 45,000, S = 30,800: 15,800×60 % = 9,480.
    # 220,800: pooled 132,000, S = 119,600: 35,000×60 % + 50,000×65 % + 19,600×70 % = 67,220, less 9,480.
    first, second = settle_year(rulebook, [claim(1, 75_800, level="tertiary"), claim(2, 220_800, level="tertiary")])

    assert amounts(first) == (4_500_000, 948_000, 0, 2_132_000)
    assert amounts(second) == (13_200_000, 5_774_000, 0, 3_106_000)


def test_major_illness_is_rounded_once_on_the_sum_over_the_bands(rulebook: Rulebook) -> None:
    # S = 50,000.01: 35,000×60 % = 21,000 and 0.01×65 % = 0.0065: 21,000.01 by one rounding half up.
    # 90,000.01 not covered by the pooled part: employee, tertiary, 80 %: (E−800)×20 % + 800 = S ⇒ E = 246,800.05.
    outcome = settle_year(rulebook, [claim(1, 246_800, 5, level="tertiary", scheme="employee", employment="retired")])[
        0
    ]

    assert outcome.eligible - outcome.pooled == 5_000_001
    assert outcome.major_illness == 2_100_001


def test_the_yearly_cap_of_major_illness_holds(rulebook: Rulebook) -> None:
    # Resident, 1,200,800 tertiary: pooled 200,000 (cap); S = 1,000,800: 53,500 + 900,800×70 % = 684,060 ⇒ 400,000.
    capped = settle_year(rulebook, [claim(1, 1_200_800, level="tertiary"), claim(2, 10_000, level="tertiary")])

    assert [outcome.major_illness for outcome in capped] == [40_000_000, 0]


def test_destitute_and_subsistence_have_no_cap_of_major_illness(rulebook: Rulebook) -> None:
    # S = 1,000,800: (50,000−7,500)×65 % + 50,000×70 % + 900,800×75 % = 27,625 + 35,000 + 675,600.
    outcome = settle_year(rulebook, [claim(1, 1_200_800, level="tertiary", relief="destitute")])[0]

    assert amounts(outcome) == (20_000_000, 73_822_500, 26_257_500, 0)


def test_leaving_relief_does_not_take_back_what_major_illness_has_paid(rulebook: Rulebook) -> None:
    # S = 20,800 as subsistence: 13,300×65 % = 8,645. Then ordinary, from 20,800 to 41,600 on the ordinary scale:
    # 26,600×60 % − 5,800×60 % = 12,480, though 8,645 and not 3,480 was paid before.
    first, second = settle_year(
        rulebook,
        [claim(1, 50_800, level="tertiary", relief="subsistence"), claim(2, 50_800, level="tertiary")],
    )

    assert first.major_illness == 864_500
    assert second.major_illness == 1_248_000


def test_the_relief_deductible_is_used_once_a_year_over_all_care(rulebook: Rulebook) -> None:
    # Stay secondary 2,400: pooled 1,500, left 900. 900, 900, 900 use 2,700; the fourth uses 300: (900−300)×60 % = 360.
    claims = [claim(number, 2_400, level="secondary", relief="marginal") for number in (1, 2, 3, 4)]

    assert [outcome.assistance for outcome in settle_year(rulebook, claims)] == [0, 0, 0, 36_000]


def test_the_relief_deductible_is_used_up_even_where_the_cap_leaves_no_room(rulebook: Rulebook) -> None:
    # As subsistence, 600,800: pooled 200,000 (cap); S = 400,800: 27,625 + 35,000 + 300,800×75 % = 288,225; of the
    # 112,575 left 70 % are more than 50,000. Then as marginal nothing is paid, and the 3,000 are used all the same.
    claims = [
        claim(1, 600_800, level="tertiary", relief="subsistence"),
        claim(2, 20_400, level="secondary", relief="marginal"),
    ]
    (first, _), (second, steps) = explain_year(rulebook, claims)
    used = next(step.amount for step in steps if step.step == "relief_deductible")

    assert (first.assistance, second.assistance, used) == (5_000_000, 0, 300_000)


def test_the_relief_deductible_may_rise_within_the_year(rulebook: Rulebook) -> None:
    # As subsistence nothing is deducted; then marginal: 3,000 in full.
    # Stay secondary 20,400: pooled 15,000, left 5,400: ×70 % = 3,780; then (5,400−3,000)×60 % = 1,440.
    first, second = settle_year(
        rulebook,
        [
            claim(1, 20_400, level="secondary", relief="subsistence"),
            claim(2, 20_400, level="secondary", relief="marginal"),
        ],
    )

    assert (first.assistance, second.assistance) == (378_000, 144_000)


def test_a_person_without_category_uses_no_relief_deductible(rulebook: Rulebook) -> None:
    first, second = settle_year(
        rulebook,
        [claim(1, 20_400, level="secondary"), claim(2, 20_400, level="secondary", relief="marginal")],
    )

    assert (first.assistance, second.assistance) == (0, 144_000)


def test_care_in_another_province_without_filing_gets_no_relief_and_uses_no_deductible(rulebook: Rulebook) -> None:
    away = {"level": "secondary", "relief": "marginal", "care_area": "500112"}
    first, second = settle_year(
        rulebook, [claim(1, 21_000, **away), claim(2, 20_400, level="secondary", relief="marginal")]
    )

    # (21,000−1,000)×65 % = 13,000.
    assert amounts(first) == (1_300_000, 0, 0, 800_000)
    assert second.assistance == 144_000


def test_a_second_chronic_disease_raises_the_limit_of_the_year(rulebook: Rulebook) -> None:
    employee: dict[str, Any] = {"care": "chronic", "scheme": "employee", "employment": "in_service"}
    claims = [
        claim(1, 3_000, chronic_count=1, service_date=date(2023, 3, 1), **employee),
        claim(2, 100, chronic_count=1, service_date=date(2023, 4, 1), **employee),
        claim(3, 2_000, chronic_count=2, service_date=date(2023, 7, 1), **employee),
    ]

    # 2,250 → 2,000; nothing left; then 1,500 → 3,000 − 2,000.
    assert [outcome.pooled for outcome in settle_year(rulebook, claims)] == [200_000, 0, 100_000]


def test_the_pooled_cap_counts_every_care_maternity_included(rulebook: Rulebook) -> None:
    # Resident, primary: (222,100−100)×90 % = 199,800; then maternity 1,500 → 200 left of 200,000.
    claims = [claim(1, 222_100), claim(2, 2_000, care="maternity_natural"), claim(3, 500, care="outpatient")]

    assert [outcome.pooled for outcome in settle_year(rulebook, claims)] == [19_980_000, 20_000, 0]


def test_what_the_cap_withholds_does_not_use_up_the_inner_limit(rulebook: Rulebook) -> None:
    # The pooled cap leaves 100 of the 300 of outpatient care; as an employee of a later claim, the room is 2,000−100.
    resident = [claim(1, 222_211, 11), claim(2, 1_000, care="outpatient")]
    employee = claim(3, 10_000, care="outpatient", level="secondary", scheme="employee", employment="in_service")
    first, second, third = settle_year(rulebook, [*resident, employee])

    assert first.pooled == 19_990_000
    assert second.pooled == 10_000
    assert third.pooled == 190_000


def test_accumulators_go_on_when_the_scheme_changes(rulebook: Rulebook) -> None:
    # 300 reached as a resident; the employee's 2,000 leave 1,700, his deductible of 200 has not been used.
    employee = {"scheme": "employee", "employment": "in_service", "care": "outpatient", "level": "secondary"}
    first, second = settle_year(rulebook, [claim(1, 1_000, care="outpatient"), claim(2, 5_000, **employee)])

    assert (first.pooled, second.deductible, second.pooled) == (30_000, 20_000, 170_000)


def test_uncovered_care_consumes_nothing(rulebook: Rulebook) -> None:
    employee = {"scheme": "employee", "employment": "in_service", "relief": "destitute"}
    uncovered = [
        claim(1, 1_000, care="two_diseases", **employee),
        claim(2, 1_000, care="chronic", chronic_count=0, **employee),
        claim(3, 1_000, care="inpatient", level="pharmacy", **employee),
    ]
    outcomes = settle_year(rulebook, [*uncovered, claim(4, 100, care="outpatient", **employee)])

    for outcome in outcomes[:3]:
        assert (outcome.eligible, outcome.personal_burden) == (100_000, 100_000)
        assert outcome.deductible == outcome.pooled == outcome.major_illness == outcome.assistance == 0
    assert outcomes[3].deductible == 10_000


def test_unfiled_maternity_in_another_province_loses_ten_points(rulebook: Rulebook) -> None:
    away = {"care": "maternity_natural", "level": "secondary"}
    province, far, far_filed = settle_year(
        rulebook,
        [
            claim(1, 1_200, care_area="510107", **away),
            claim(2, 1_200, care_area="500112", **away),
            claim(3, 1_200, care_area="500112", filing=True, **away),
        ],
    )

    assert [outcome.pooled for outcome in (province, far, far_filed)] == [120_000, 108_000, 120_000]


def test_half_a_fen_is_rounded_up(rulebook: Rulebook) -> None:
    # (100.01 + 100 − 100)×90 % = 90.009 → 90.01; 100.05×90 % = 90.045 → 90.05.
    outcomes = settle_year(rulebook, [claim(1, 200, 1), claim(2, 200, 5)])

    assert [outcome.pooled for outcome in outcomes] == [9_001, 9_005]


def test_outpatient_care_of_employees_begins_with_2023(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "retired", "level": "tertiary"}
    last = settle_year(rulebook, [claim(1, 1_000, service_date=date(2022, 12, 31), **visit)])[0]
    first = settle_year(rulebook, [claim(1, 1_000, service_date=date(2023, 1, 1), **visit)])[0]

    assert (last.pooled, last.deductible, first.pooled) == (0, 0, 51_000)


# What must hold for all.

YEARS = st.integers(min_value=0, max_value=10**9).map(lambda seed: random_year(random.Random(seed)))


@settings(deadline=None, max_examples=300)
@given(YEARS)
def test_the_layers_add_up_and_nothing_is_negative(claims: list[ClaimFacts]) -> None:
    for facts, outcome in zip(sorted(claims, key=lambda c: c.sequence), settle_year(MIANYANG, claims), strict=True):
        parts = (outcome.pooled, outcome.major_illness, outcome.assistance, outcome.personal_burden)
        assert sum(parts) == facts.total
        assert min(*parts, outcome.prepay, outcome.deductible) >= 0
        assert outcome.personal_burden >= facts.total - facts.eligible
        assert outcome.deductible + outcome.prepay <= outcome.eligible == facts.eligible


@settings(deadline=None, max_examples=300)
@given(YEARS, st.randoms(use_true_random=False))
def test_only_the_sequence_orders_a_year(claims: list[ClaimFacts], chance: random.Random) -> None:
    shuffled = list(claims)
    chance.shuffle(shuffled)

    assert settle_year(MIANYANG, shuffled) == settle_year(MIANYANG, claims)


@settings(deadline=None, max_examples=300)
@given(YEARS, st.data())
def test_a_reversed_claim_never_happened(claims: list[ClaimFacts], data: st.DataObject) -> None:
    """Taking a claim out leaves what stands before it, and the rest as if it had never been."""
    gone = data.draw(st.sampled_from(claims))
    before = settle_year(MIANYANG, claims)
    after = settle_year(MIANYANG, [facts for facts in claims if facts is not gone])
    earlier = sum(facts.sequence < gone.sequence for facts in claims)

    assert after[:earlier] == before[:earlier]
    assert settle_year(MIANYANG, [*(facts for facts in claims if facts is not gone), gone]) == before


@settings(deadline=None, max_examples=500)
@given(
    st.sampled_from(CARES),
    st.sampled_from(LEVELS),
    st.sampled_from(RELIEFS),
    st.sampled_from(("510704", "510107", "500112")),
    st.booleans(),
    st.integers(0, 60_000_000),
    st.integers(0, 1_000_000),
)
def test_more_eligible_cost_never_pays_less(
    care: str, level: str, relief: str, place: str, employee: bool, fen: int, more: int
) -> None:
    facts = claim(
        1,
        0,
        fen,
        care=care,
        level=level,
        relief=relief,
        care_area=place,
        chronic_count=1,
        scheme="employee" if employee else "resident",
        employment="retired" if employee else "",
    )
    less = settle_year(MIANYANG, [facts])[0]
    greater = settle_year(MIANYANG, [replace(facts, total=fen + more)])[0]

    assert 0 <= greater.personal_burden - less.personal_burden <= more


@settings(deadline=None, max_examples=200)
@given(YEARS)
def test_the_explanation_leads_from_the_total_to_the_burden_without_a_gap(claims: list[ClaimFacts]) -> None:
    explained = explain_year(MIANYANG, claims)

    assert [outcome for outcome, _ in explained] == settle_year(MIANYANG, claims)
    for outcome, steps in explained:
        _leads_through(outcome, steps)


def _leads_through(outcome: Outcome, steps: list[Step]) -> None:
    """Every base follows from amounts that stand above it."""
    done = {step.step: step.amount for step in steps}
    assert len(done) == len(steps)
    rest = done["total"]
    for part in ("excluded", "over_ceiling", "upfront_copay"):
        rest -= done.get(part, 0)
    assert rest == done["eligible"] == outcome.eligible
    base = {"total": done["total"], "personal_burden": done["total"], "eligible": rest}
    paid = [done.get(name, 0) for name in ("pooled", "major_illness", "assistance")]
    assert paid == [outcome.pooled, outcome.major_illness, outcome.assistance]
    if "not_covered" not in done:
        base["deductible"] = rest - outcome.prepay
        base["ratio"] = rest - outcome.prepay - outcome.deductible
        base["annual_limit"] = done["ratio"]
        base["pooled"] = done.get("annual_limit", done["ratio"])
        base["major_illness"] = rest - outcome.prepay - outcome.pooled
        left = base["major_illness"] - outcome.major_illness
        base["relief_deductible"] = left
        base["relief_ratio"] = left - done.get("relief_deductible", 0)
        base["assistance"] = done.get("relief_ratio", left)
    for step in steps:
        if step.step in base:
            assert step.base == base[step.step], step
        if step.step not in ("total", "excluded", "over_ceiling", "upfront_copay", "eligible", "personal_burden"):
            assert step.source is not None, step
    assert steps[0].step == "total"
    assert steps[-1].step == "personal_burden"
    assert steps[-1].amount == outcome.personal_burden == done["total"] - sum(paid)


# Edges.


def test_many_years_at_once_are_the_years_one_by_one(rulebook: Rulebook) -> None:
    years = [random_year(random.Random(seed)) for seed in range(50)]

    assert settle_many(rulebook, years) == [settle_year(rulebook, year) for year in years]


def test_an_explanation_names_parameter_value_document_place_and_day(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service", "level": "tertiary"}
    [(_, steps)] = explain_year(rulebook, [claim(1, 1_000, **visit)])
    deductible = next(step.to_json() for step in steps if step.step == "deductible")

    assert {key: deductible[key] for key in deductible if key not in ("title", "formula")} == {
        "step": "deductible",
        "base": "1000.00",
        "amount": "200.00",
        "parameter": "outpatient.deductible",
        "value": "200.00",
        "document": "mianyang-outpatient-2023",
        "at": "访谈·起付标准",
        "valid_from": "2023-01-01",
        "assumed": False,
    }


def test_a_changed_ratio_names_both_clauses(rulebook: Rulebook) -> None:
    away = {"scheme": "employee", "employment": "in_service", "level": "secondary", "care_area": "500112"}
    [(_, steps)] = explain_year(rulebook, [claim(1, 20_000, **away)])
    ratio = next(step.to_json() for step in steps if step.step == "ratio")

    assert (ratio["parameter"], ratio["value"], ratio["document"]) == ("inpatient.ratio", "75%", "mianyang-inpatient")
    [further] = ratio["further"]
    assert (further["role"], further["value"], further["document"]) == ("change", "-10点", "mianyang-away")


def test_uncovered_care_is_explained_by_its_clause(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service"}
    [(_, uncovered)] = explain_year(rulebook, [claim(1, 1_000, service_date=date(2022, 5, 1), **visit)])
    [(_, no_level)] = explain_year(rulebook, [claim(1, 1_000, level="pharmacy")])
    [(_, no_disease)] = explain_year(rulebook, [claim(1, 1_000, care="chronic")])

    assert [step.step for step in uncovered] == ["total", "eligible", "not_covered", "personal_burden"]
    assert [source.parameter for source in uncovered[2].sources] == ["care.covered"]
    assert [source.parameter for source in no_level[2].sources] == ["inpatient.ratio"]
    assert [source.parameter for source in no_disease[2].sources] == ["care.covered"]
    assert "没有认定的慢性病病种" in no_disease[2].formula


def test_a_stored_trace_explains_the_claim_later(rulebook: Rulebook) -> None:
    claims = random_year(random.Random(5))
    traced = trace_year(rulebook, claims)
    stored = json.loads(json.dumps([item.trace for item in traced]))

    assert [steps_of(rulebook, trace) for trace in stored] == [steps for _, steps in explain_year(rulebook, claims)]


def test_a_trace_of_another_engine_is_not_misread(rulebook: Rulebook) -> None:
    [traced] = trace_year(rulebook, [claim(1, 100)])

    with pytest.raises(BusinessError, match=r"trace_version"):
        steps_of(rulebook, (traced.trace[0] + 1, *traced.trace[1:]))


def test_steps_can_be_stored_themselves(rulebook: Rulebook) -> None:
    [(_, steps)] = explain_year(rulebook, [claim(1, 50_000, relief="marginal", level="tertiary")])
    stored = json.loads(json.dumps([step.packed() for step in steps]))

    assert [Step.unpacked(row) for row in stored] == steps


@pytest.mark.parametrize(
    ("facts", "code", "column"),
    [
        ({"service_date": date(2021, 12, 31)}, "claim.no_policy", "service_date"),
        ({"excluded": 200_001}, "claim.parts_exceed_total", "total"),
        ({"excluded": -1}, "claim.negative", "excluded"),
        ({"total": -1}, "claim.negative", "total"),
        ({"total": 10**17}, "claim.too_large", "total"),
        ({"care": "spa"}, "claim.unknown_value", "care"),
        ({"level": ""}, "claim.unknown_value", "level"),
        ({"relief": "rich"}, "claim.unknown_value", "relief"),
        ({"scheme": "navy"}, "claim.unknown_value", "scheme"),
        ({"scheme": "employee"}, "claim.unknown_value", "employment"),
        ({"employment": "retired"}, "claim.unknown_value", "employment"),
        ({"insured_area": "510107"}, "claim.not_our_area", "insured_area"),
        ({"insured_area": "5107"}, "claim.unknown_area", "insured_area"),
        ({"care_area": "990000"}, "claim.unknown_area", "care_area"),
        ({"chronic_count": -1}, "claim.negative", "chronic_count"),
    ],
)
def test_facts_that_cannot_be_computed_are_refused_by_name(
    rulebook: Rulebook, facts: dict[str, Any], code: str, column: str
) -> None:
    with pytest.raises(FactError) as caught:
        settle_year(rulebook, [replace(claim(1, 2_000), **facts)])

    assert (caught.value.code, caught.value.column) == (code, column)


def test_one_sequence_twice_and_two_years_at_once_are_refused(rulebook: Rulebook) -> None:
    with pytest.raises(BusinessError, match=r"duplicate_sequence"):
        settle_year(rulebook, [claim(1, 100), claim(1, 200)])
    with pytest.raises(BusinessError, match=r"two_years"):
        settle_year(rulebook, [claim(1, 100), claim(2, 200, service_date=date(2022, 12, 31))])
    assert settle_year(rulebook, []) == []

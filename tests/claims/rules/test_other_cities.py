"""What the engine must do for the other three cities, on a small test set that plays their mechanisms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bureau.policy.rules.packs import bundle, load_bytes
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import examples
from claims.rules.person_year import ClaimFacts, Outcome, explain_year, settle_year
from tests.claims.rules.people import claim as mianyang_claim

PACKS = Path(__file__).parents[2] / "data" / "packs" / "jiande"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_bytes(bundle("jiande", {path.name: path.read_text("utf-8") for path in PACKS.glob("*.yaml")}))


def claim(yuan: int, sequence: int = 1, **facts: Any) -> ClaimFacts:
    home = {"insured_area": "330102", "care_area": "330102", "service_date": date(2022, 5, 1), "level": "tertiary"}
    return replace(mianyang_claim(sequence, yuan), **{**home, **facts})


def one(rulebook: Rulebook, yuan: int, **facts: Any) -> Outcome:
    return settle_year(rulebook, [claim(yuan, **facts)])[0]


def test_the_examples_of_the_set_hold(rulebook: Rulebook) -> None:
    assert examples.failing(rulebook) == []


def test_jiande_to_hangzhou_without_referral_prepays_a_tenth_until_the_pools_merge(rulebook: Rulebook) -> None:
    """HZ-21: 10,000 in scope at 70 %."""
    there = {"insured_area": "330182", "care_area": "330102"}
    before = one(rulebook, 10_000, service_date=date(2021, 12, 31), **there)
    after = one(rulebook, 10_000, service_date=date(2022, 1, 1), **there)

    assert (before.prepay, before.pooled, before.personal_burden) == (100_000, 630_000, 370_000)
    assert (after.prepay, after.pooled, after.personal_burden) == (0, 700_000, 300_000)


def test_the_pooling_area_of_jiande_changes_on_new_year(rulebook: Rulebook) -> None:
    """HZ-01."""
    assert rulebook.pool_of("330182", date(2021, 12, 31)) == "jiande"
    assert rulebook.pool_of("330182", date(2022, 1, 1)) == "city"
    assert rulebook.pool_of("330102", date(2021, 12, 31)) == "city"
    assert rulebook.pool_of("330302", date(2022, 1, 1)) is None


def test_prepayment_needs_no_referral_and_stays_in_the_province(rulebook: Rulebook) -> None:
    day = {"insured_area": "330182", "service_date": date(2021, 12, 31)}

    assert one(rulebook, 10_000, **day, care_area="330102", filing=True).prepay == 0
    assert one(rulebook, 10_000, **day, care_area="330182").prepay == 0
    assert one(rulebook, 10_000, **day, care_area="310101").prepay == 0
    assert one(rulebook, 10_000, **day, care_area="310101").pooled == 600_000
    assert one(rulebook, 10_000, **{**day, "insured_area": "330102"}, care_area="330182").prepay == 0


def test_a_signed_visit_lowers_the_deductible_and_raises_the_ratio(rulebook: Rulebook) -> None:
    """HZ-22, HZ-23: cost 2,000, deductible 1,000, ratio 60 %: unsigned 600.00; signed (2,000−700)×63 % = 819.00."""
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service"}

    assert one(rulebook, 2_000, **visit).pooled == 60_000
    assert one(rulebook, 2_000, **visit, signed=True).pooled == 81_900
    # A resident's 200 less 300 is nothing, never negative: 1,000 × 38 %.
    assert one(rulebook, 1_000, care="outpatient", signed=True).pooled == 38_000


def test_signing_counted_only_for_the_city_districts_before_the_merger(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "signed": True, "service_date": date(2021, 6, 1)}

    assert one(rulebook, 1_000, **visit).pooled == 38_000
    # Jiande, at home: (1,000 − 200) × 35 %.
    assert one(rulebook, 1_000, **visit, insured_area="330182", care_area="330182").pooled == 28_000


def test_points_of_retirement_signing_and_not_filing_add_up(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "retired", "level": "primary"}
    # 80 + 5 + 3 − 10 = 78 %; deductible 300 − 300 = 0.
    outcome = one(rulebook, 1_000, **visit, signed=True, care_area="310101")

    assert outcome.pooled == 78_000


def test_the_explanation_cites_the_value_and_every_change_of_it(rulebook: Rulebook) -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service", "signed": True}
    [(_, steps)] = explain_year(rulebook, [claim(2_000, **visit)])
    ratio = next(step for step in steps if step.step == "ratio")

    assert [(source.parameter, source.value, source.role) for source in ratio.sources] == [
        ("outpatient.ratio", "63%", "value"),
        ("signed.points", "+3点", "change"),
    ]
    assert ratio.sources[1].document == "jiande-pooling-2022"


def test_chronic_costs_count_for_major_illness_only_from_the_day_of_the_document(rulebook: Rulebook) -> None:
    """HZ-17: chronic 100,000, pooled 70 %, 30,000 left: above the deductible of 25,000 by 5,000."""
    visit = {"care": "chronic", "chronic_count": 1}

    assert one(rulebook, 100_000, **visit, service_date=date(2021, 12, 31)).major_illness == 0
    assert one(rulebook, 100_000, **visit, service_date=date(2022, 1, 1)).major_illness == 300_000


def test_dialysis_leaves_the_person_a_fixed_share_of_the_qualifying_cost(rulebook: Rulebook) -> None:
    """HZ-18: cost 10,000, the employee pays 500.00, the resident 1,000.00, whatever their category."""
    employee = one(rulebook, 10_000, care="dialysis", scheme="employee", employment="retired")
    resident = one(rulebook, 10_000, care="dialysis")

    assert (employee.pooled, employee.assistance, employee.personal_burden) == (850_000, 100_000, 50_000)
    assert (resident.pooled, resident.assistance, resident.personal_burden) == (700_000, 200_000, 100_000)
    assert one(rulebook, 10_000, care="dialysis", service_date=date(2021, 12, 31)).assistance == 0


def test_special_relief_is_not_paid_where_the_share_is_already_lower_or_care_away_not_filed(
    rulebook: Rulebook,
) -> None:
    destitute = one(rulebook, 10_000, care="dialysis", relief="destitute")
    away = one(rulebook, 10_000, care="dialysis", care_area="310101")

    assert (destitute.assistance, destitute.personal_burden) == (300_000, 0)
    assert (away.pooled, away.assistance) == (600_000, 0)


def test_special_relief_does_not_use_up_the_yearly_cap(rulebook: Rulebook) -> None:
    # Dialysis 1,000,000: pooled 250,000 (cap), 750,000 left; major 30,000 (cap); 720,000 left.
    # Ordinary 50 % = 360,000, room 100,000; the special relief leaves 10 % of 1,000,000: 620,000.
    claims = [
        claim(1_000_000, 1, care="dialysis", relief="other"),
        claim(1_000, 2, care="inpatient", relief="other"),
    ]
    first, second = settle_year(rulebook, claims)

    assert first.assistance == 62_000_000
    assert first.personal_burden == 10_000_000
    # The ordinary part has reached the cap, so the next stay gets nothing.
    assert second.assistance == 0


def test_outpatient_relief_has_a_limit_inside_the_yearly_cap_for_the_destitute_too(rulebook: Rulebook) -> None:
    """WR-17."""
    claims = [
        claim(20_000, 1, care="outpatient", relief="destitute"),
        claim(10_000, 2, care="inpatient", relief="destitute"),
    ]
    outpatient, stay = settle_year(rulebook, claims)

    assert outpatient.pooled == 300_000
    assert outpatient.assistance == 500_000
    assert stay.assistance == 300_000


def test_the_registered_poor_have_no_cap_of_major_illness_whatever_their_category(rulebook: Rulebook) -> None:
    """WR-19. Stay 1,000,000: pooled 250,000, 750,000 left: 25,000×60 % + 150,000×70 % + 550,000×80 % = 560,000."""
    assert one(rulebook, 1_000_000).major_illness == 3_000_000
    assert one(rulebook, 1_000_000, registered_poor=True).major_illness == 56_000_000


def test_two_deductible_pools_do_not_touch_each_other(rulebook: Rulebook) -> None:
    employee = {"scheme": "employee", "employment": "in_service"}
    claims = [
        claim(600, 1, care="outpatient", **employee),
        claim(500, 2, care="serious", **employee),
        claim(600, 3, care="pharmacy", level="pharmacy", **employee),
        claim(500, 4, care="serious", **employee),
        claim(1_000, 5, care="inpatient", **employee),
        claim(1_000, 6, care="inpatient", **employee),
    ]

    assert [outcome.deductible for outcome in settle_year(rulebook, claims)] == [
        60_000,
        50_000,
        40_000,
        30_000,
        80_000,
        80_000,
    ]

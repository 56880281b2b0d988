"""Contributions, subsidies, accounts and waiting periods: the value of the day, with its clause (benefit-engine §6)."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import round_half_up
from bureau.kernel.terms import ReliefCategory
from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook

rules = cache(load_city)
EMPLOYEE = {"scheme": "employee"}
RETIRED = {"scheme": "employee", "employment": "retired"}
RESIDENT = {"scheme": "resident"}


def value(city: str, name: str, on: date, **dims: str) -> int:
    rulebook: Rulebook = rules(city)
    return rulebook.parameter(name, on, **dims).value


@pytest.mark.parametrize(
    ("pool", "before", "after", "changes", "levied_before", "levied_after"),
    [
        ("hangzhou", 1170, 990, date(2020, 1, 1), 11_700_000, 9_900_000),
        ("tonglu", 1080, 990, date(2022, 1, 1), 10_800_000, 9_900_000),
        ("chunan", 1100, 990, date(2022, 1, 1), 11_000_000, 9_900_000),
        ("jiande", 1050, 990, date(2022, 1, 1), 10_500_000, 9_900_000),
    ],
    ids=["HZ-08", "HZ-09", "HZ-10", "HZ-11"],
)
def test_the_employers_rate_of_hangzhou_on_both_sides_of_its_day(
    pool: str, before: int, after: int, changes: date, levied_before: int, levied_after: int
) -> None:
    """On a base of 1,000,000 yuan. The three counties belong to the pool `hangzhou` from the day of the change."""
    old = value("hangzhou", "contribution.employer_rate", date.fromordinal(changes.toordinal() - 1), pool=pool)
    new = value("hangzhou", "contribution.employer_rate", changes, pool="hangzhou")

    assert (old, new) == (before, after)
    assert round_half_up(100_000_000, old) == levied_before
    assert round_half_up(100_000_000, new) == levied_after


def test_the_bill_of_jiande_for_december_2021_still_uses_the_old_rate_and_then_there_is_no_such_pool() -> None:
    assert value("hangzhou", "contribution.employer_rate", date(2021, 12, 31), pool="jiande") == 1050
    with pytest.raises(BusinessError) as gone:
        value("hangzhou", "contribution.employer_rate", date(2022, 1, 1), pool="jiande")
    assert gone.value.code == "policy.no_value"


def test_the_employers_base_of_hangzhou_and_wenzhou_differs_from_2022() -> None:
    """HZ-24 against WZ-10."""
    name = "contribution.employer_base"

    assert rules("hangzhou").parameter(name, date(2021, 12, 31)).words == ("payroll_of_month",)
    assert rules("hangzhou").parameter(name, date(2022, 1, 1)).words == ("sum_of_personal_bases",)
    assert rules("wenzhou").parameter(name, date(2022, 1, 1)).words == ("payroll_of_month",)
    assert rules("wenzhou").parameter("contribution.personal_base", date(2022, 1, 1)).text == "average_of_last_year"
    assert value("wenzhou", "contribution.flexible_pays_all", date(2022, 1, 1)) == 1


def test_the_subsidy_for_marginal_families_in_hangzhou_rises_from_half_to_full() -> None:
    """HZ-13: personal premium 400 (assumed): 200 by the government in 2021, 400 in 2022."""
    marginal = {**RESIDENT, "relief": "marginal"}
    premium = value("hangzhou", "premium.personal", date(2021, 6, 1), **RESIDENT)
    half = value("hangzhou", "premium.subsidy_share", date(2021, 12, 31), **marginal)
    full = value("hangzhou", "premium.subsidy_share", date(2022, 1, 1), **marginal)

    assert (round_half_up(premium, half), round_half_up(premium, full)) == (20_000, 40_000)
    assert not rules("hangzhou").parameter("premium.subsidy_share", date(2022, 1, 1), **marginal).assumed
    assert rules("hangzhou").parameter("premium.personal", date(2022, 1, 1), **RESIDENT).assumed


def test_subsidised_enrolment_of_wenzhou() -> None:
    """WR-03 to WR-06."""
    day = date(2019, 12, 19)

    assert value("wenzhou", "premium.subsidy_coverage", day) == 10_000
    assert value("wenzhou", "premium.subsidy_from_next_month", day) == 1
    assert value("wenzhou", "premium.paid_year_refunded", day) == 0
    assert value("wenzhou", "premium.leaver_keeps_year", day) == 1
    assert not rules("wenzhou").parameter("relief.effective_from_next_month", day).assumed
    for city in ("mianyang", "hangzhou", "changchun"):
        assert rules(city).parameter("relief.effective_from_next_month", date(2023, 1, 1)).assumed


def test_funding_of_residents_in_wenzhou_has_a_floor_a_third_and_converges_in_three_years() -> None:
    """WZ-14: income 60,000: 1,500. WZ-15: 500 is enough, 499.99 is not. WZ-17: 1,000, 1,200, 1,400."""
    day = date(2022, 1, 1)
    floor = round_half_up(6_000_000, value("wenzhou", "funding.income_share", day, **RESIDENT))
    third = rules("wenzhou").parameter("funding.personal_part", day, **RESIDENT)

    assert floor == 150_000
    assert (third.text, third.value) == ("1/3", 3)
    assert 50_000 * third.value >= floor
    assert not 49_999 * third.value >= floor
    county = [value("wenzhou", "funding.county_per_capita", date(year, 7, 1), **RESIDENT) for year in range(2022, 2026)]
    assert county == [100_000, 120_000, 140_000, 140_000]
    converged = value("wenzhou", "funding.converged_in", day, **RESIDENT)
    assert converged == 2024
    assert value("wenzhou", "funding.urban_per_capita", date(converged, 1, 1), **RESIDENT) == county[2]


def test_the_relief_deductible_of_marginal_families_in_wenzhou_ends_with_2021() -> None:
    """WR-16: readable from 2019, although claims are settled from 2022 only."""
    assert value("wenzhou", "relief.deductible", date(2019, 1, 1), relief="marginal") == 200_000
    assert value("wenzhou", "relief.deductible", date(2021, 12, 31), relief="marginal") == 200_000
    assert value("wenzhou", "relief.deductible", date(2022, 1, 1), relief="marginal") == 0
    with pytest.raises(BusinessError) as early:
        value("wenzhou", "relief.deductible", date(2018, 12, 31), relief="marginal")
    assert early.value.code == "policy.not_in_force"


def test_the_levy_of_employers_in_mianyang_was_halved_in_2020_and_deferred_in_the_summer_of_2022() -> None:
    """YX-22: due 10,000: 5,000. YX-23: July to September 2022."""
    share = value("mianyang", "contribution.employer_levy_share", date(2020, 6, 1), **EMPLOYEE)

    assert round_half_up(1_000_000, share) == 500_000
    assert value("mianyang", "contribution.employer_levy_share", date(2021, 1, 1), **EMPLOYEE) == 10_000
    days = (date(2022, 6, 30), date(2022, 7, 1), date(2022, 9, 30), date(2022, 10, 1))
    assert [value("mianyang", "contribution.deferral", day, **EMPLOYEE) for day in days] == [0, 1, 1, 0]


def test_waiting_periods_of_mianyang() -> None:
    """YX-10, YX-11."""
    assert value("mianyang", "waiting.months", date(2021, 12, 31), **EMPLOYEE) == 12
    assert rules("mianyang").parameter("waiting.months", date(2023, 1, 1), **EMPLOYEE).text == "6个月"
    assert value("mianyang", "waiting.months", date(2023, 1, 1), **RESIDENT) == 0
    assert value("mianyang", "waiting.window_from", date(2023, 1, 1), **RESIDENT) == 901
    assert value("mianyang", "waiting.window_until", date(2023, 1, 1), **RESIDENT) == 1231


def test_what_is_credited_to_accounts() -> None:
    """CC-18, YX-56: base 6,000: 120.00. CC-20, YX-56: average pension 2,857.50 (assumed): 80.01."""
    day = date(2024, 5, 1)
    for city, base_year in (("mianyang", 2022), ("changchun", 2021)):
        credited = value(city, "account.credit_rate", day, scheme="employee", employment="in_service")
        pension = value(city, "account.average_pension", day, **RETIRED)
        share = value(city, "account.retired_rate", day, **RETIRED)
        assert round_half_up(600_000, credited) == 12_000
        assert value(city, "account.employer_credit_rate", day, **EMPLOYEE) == 0
        assert round_half_up(pension, share) == value(city, "account.retired_credit", day, **RETIRED) == 8_001
        assert value(city, "account.retired_base_year", day, **RETIRED) == base_year


def test_in_changchun_the_credit_of_the_retired_rises_by_degrees() -> None:
    """CC-20."""
    days = (date(2022, 9, 1), date(2023, 1, 1), date(2024, 1, 1))

    assert [value("changchun", "account.retired_credit", day, **RETIRED) for day in days] == [6_000, 7_000, 8_001]
    with pytest.raises(BusinessError):
        value("changchun", "account.retired_credit", date(2022, 8, 31), **RETIRED)


def test_whom_and_what_an_account_may_pay() -> None:
    """CC-21..24, YX-57..61."""
    day = date(2023, 5, 31)

    def words(city: str, name: str) -> tuple[str, ...]:
        return rules(city).parameter(f"account.{name}", day, **EMPLOYEE).words

    for city in ("mianyang", "changchun"):
        assert words(city, "relatives") == ("spouse", "parent", "child")
    assert words("changchun", "own_costs") == ("covered_share", "outside_catalogue")
    assert words("mianyang", "own_costs") == ("covered_share",)
    assert words("mianyang", "family_costs") == ("covered_share", "outside_catalogue")
    assert words("mianyang", "pharmacy_goods") == ("drug", "device", "consumable")
    assert words("changchun", "own_premiums") == ("large_expense", "long_term_care")
    assert words("changchun", "family_premiums") == ("resident_basic", "large_expense", "long_term_care")
    assert "large_expense" not in words("mianyang", "family_premiums")
    for name, expected in (
        ("two_credentials", 1),
        ("carries_over", 1),
        ("inheritable", 1),
        ("usable_while_suspended", 0),
    ):
        assert value("mianyang", f"account.{name}", day, **EMPLOYEE) == expected


def test_rules_of_the_city_divide_no_periods_of_the_calculation() -> None:
    assert rules("mianyang").starts == (date(2022, 1, 1), date(2023, 1, 1))
    assert rules("wenzhou").starts == (date(2022, 1, 1),)
    assert rules("hangzhou").starts == (date(2021, 1, 1), date(2022, 1, 1))
    assert rules("changchun").starts == (date(2022, 1, 1), date(2022, 9, 1))


def test_account_and_limit_together_rise_by_about_a_thousand_a_person() -> None:
    """YX-60, on a base of 6,000 a month in service.

    From 2023: own 2 % = 120.00 a month, nothing from the employer, and a limit of 2,000: 12 × 120 + 2,000 = 3,440.00.
    The former employer's part stands in no document; at 1.4 % (our assumption) it was 84.00 a month, without a limit:
    12 × (120 + 84) = 2,448.00. Together 992.00 more.
    """
    day, base, months, former_rate = date(2023, 1, 1), 600_000, 12, 140
    in_service = {"scheme": "employee", "employment": "in_service"}
    own = round_half_up(base, value("mianyang", "account.credit_rate", day, **in_service))
    employer = round_half_up(base, value("mianyang", "account.employer_credit_rate", day, **EMPLOYEE))
    limit = value("mianyang", "outpatient.annual_limit", day, **in_service)
    with pytest.raises(BusinessError) as before:
        value("mianyang", "outpatient.annual_limit", date(2022, 12, 31), **in_service)

    after = months * (own + employer) + limit
    former = months * (own + round_half_up(base, former_rate))
    assert before.value.code == "policy.no_value"
    assert (own, employer, limit) == (12_000, 0, 200_000)
    assert (after, former, after - former) == (344_000, 244_800, 99_200)


def test_there_is_one_table_of_subsidies_for_the_whole_pool() -> None:
    """WZ-09: no row speaks of a county, and each standing has one share on a day."""
    rows = [row for row in rules("wenzhou").rows if row.name == "premium.subsidy_share"]
    day = date(2022, 1, 1)
    shares = {
        category.value: value("wenzhou", "premium.subsidy_share", day, scheme="resident", relief=category.value)
        for category in ReliefCategory
    }

    assert not any("pool" in row.labels for row in rows)
    assert shares == {
        "destitute": 10_000,
        "subsistence": 10_000,
        "marginal": 10_000,
        "illness_poor": 5_000,
        "other": 5_000,
        "none": 0,
    }

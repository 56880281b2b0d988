"""Account plus limit by hand (YX-60)."""

from __future__ import annotations

from datetime import date

from bureau.policy.rules import packs
from bureau.simulation.rules import accounts


def test_yx_60_account_and_limit_rise_by_about_a_thousand() -> None:
    # Base 5,000 a month. 2 % of one's own = 100 a month, before and after. What employers paid in before 2023 is in no
    # document: assumed 1.66 % (83 a month), with no pooled limit. 12 × 183 = 2,196; 12 × 100 + 2,000 = 3,200.
    found = accounts.effect(packs.load_city("mianyang"), date(2023, 6, 1), 500_000, 166)

    own, employer, limit = (line.pair for line in found.lines)
    assert (own.before, own.after) == (120_000, 120_000)
    assert (employer.before, employer.after) == (99_600, 0)
    assert (limit.before, limit.after) == (0, 200_000)
    assert (found.whole.before, found.whole.after, found.whole.change) == (219_600, 320_000, 100_400)
    assert [line.assumed for line in found.lines] == [False, True, False]


def test_each_month_is_rounded_by_itself() -> None:
    # 1.66 % of 3,333.33 is 55.333278: 55.33 a month, 663.96 a year, and not 663.999.
    assert accounts.yearly_credit(333_333, 166) == 66_396

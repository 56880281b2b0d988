"""个人账户加门诊统筹限额 of an employee in service and a year (YX-60), before and after pooling. Pure.

What employers paid into accounts before the reform, and the base, stand in no document: both are asked for, assumed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bureau.kernel.money import round_half_up
from bureau.kernel.terms import Care, Employment, Scheme
from bureau.simulation.rules.shown import Pair

if TYPE_CHECKING:
    from bureau.policy.rules.rulebook import Rulebook

# 5,000.00 yuan a month; 1.66 %.
ASSUMED_BASE = 500_000
ASSUMED_FORMER_RATE = 166


@dataclass(frozen=True, slots=True)
class Line:
    """An amount of the year, how it comes about, and whether a number in it is assumed."""

    pair: Pair
    how: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """The lines and what they come to."""

    lines: tuple[Line, ...]

    @property
    def whole(self) -> Pair:
        before = sum(line.pair.before for line in self.lines)
        return Pair("个人账户加门诊统筹限额", before, sum(line.pair.after for line in self.lines))


def effect(rulebook: Rulebook, day: date, base: int, former_rate: int) -> Effect:
    """What may be used in a year, in fen: own credits as before, the employer's gone, the pooled limit new."""
    employee = {"scheme": Scheme.EMPLOYEE.value}
    in_service = {**employee, "employment": Employment.IN_SERVICE.value}
    own = rulebook.parameter("account.credit_rate", day, **in_service)
    employer = rulebook.parameter("account.employer_credit_rate", day, **employee)
    limit = rulebook.parameter("outpatient.annual_limit", day, **in_service, care=Care.OUTPATIENT.value)
    credited = yearly_credit(base, own.value)
    before, after = yearly_credit(base, former_rate), yearly_credit(base, employer.value)
    return Effect(
        (
            Line(Pair("个人缴费划入", credited, credited), f"{own.at}：{own.says}", own.assumed),
            Line(Pair("单位缴费划入", before, after), f"{employer.at}：{employer.says}", assumed=True),
            Line(Pair("门诊统筹年度限额", 0, limit.value), f"{limit.at}：{limit.says}", limit.assumed),
        )
    )


def yearly_credit(monthly_base: int, ratio: int) -> int:
    """Twelve months' credits to an account, each rounded by itself."""
    return 12 * round_half_up(monthly_base, ratio)

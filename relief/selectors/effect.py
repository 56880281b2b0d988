"""What the law in force says about when a status begins (WR-04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.policy.selectors import rulesets

if TYPE_CHECKING:
    from bureau.kernel.periods import Month


def begins_next_month(month: Month) -> bool:
    """Whether what a roster of `month` brings begins with the next month: a parameter of the city (decision 6)."""
    parameter = rulesets.rulebook_in_force().parameter("relief.effective_from_next_month", on=month.first_day)
    return bool(parameter.value)

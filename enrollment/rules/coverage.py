"""When coverage begins: the employee waiting period (YX-10) and the residents' collection period (YX-11)."""

from __future__ import annotations

from datetime import date


def employee_entitled_from(first_insured_on: date, waiting_months: int) -> date:
    """The first of the month `waiting_months` after the month of first insurance: 2023-01 and 6 give 2023-07-01."""
    months = first_insured_on.year * 12 + first_insured_on.month - 1 + waiting_months
    return date(months // 12, months % 12 + 1, 1)


def resident_entitled_from(paid_on: date, benefit_year: int, waiting_months: int) -> date:
    """Paid before the year begins: entitled from 1 January without waiting; paid later: with it."""
    if paid_on.year < benefit_year:
        return date(benefit_year, 1, 1)
    return employee_entitled_from(paid_on, waiting_months)

"""The waiting periods of YX-10 and YX-11."""

from __future__ import annotations

from datetime import date

from enrollment.rules import coverage


def test_first_insured_in_january_an_employee_is_entitled_from_july() -> None:
    assert coverage.employee_entitled_from(date(2023, 1, 15), 6) == date(2023, 7, 1)


def test_the_waiting_period_runs_over_the_end_of_the_year() -> None:
    assert coverage.employee_entitled_from(date(2022, 9, 30), 6) == date(2023, 3, 1)


def test_paid_in_the_collection_period_a_resident_does_not_wait() -> None:
    assert coverage.resident_entitled_from(date(2022, 12, 20), 2023, 3) == date(2023, 1, 1)


def test_paid_later_a_resident_waits() -> None:
    assert coverage.resident_entitled_from(date(2023, 2, 10), 2023, 3) == date(2023, 5, 1)

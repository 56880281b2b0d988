"""Validity and months: half-open, without gaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month, Validity

days = st.dates(date(2020, 1, 1), date(2020, 2, 28))
months = st.builds(Month, st.integers(1901, 2998), st.integers(1, 12))


@st.composite
def validities(draw: st.DrawFn) -> Validity:
    start = draw(days)
    length = draw(st.none() | st.integers(1, 40))
    return Validity(start, None if length is None else start + timedelta(days=length))


def test_the_last_day_of_a_validity_is_outside() -> None:
    may = Validity(date(2023, 5, 1), date(2023, 6, 1))
    assert [may.covers(date(2023, *day)) for day in ((4, 30), (5, 1), (5, 31), (6, 1))] == [False, True, True, False]
    assert Validity(date(2023, 5, 1)).covers(date(9999, 12, 31))


def test_a_validity_reads_with_its_last_day_included() -> None:
    assert str(Validity(date(2023, 5, 1), date(2023, 6, 1))) == "2023-05-01 至 2023-05-31"
    assert str(Validity(date(2023, 5, 1))) == "2023-05-01 起"


@pytest.mark.parametrize("until", [date(2023, 5, 1), date(2023, 4, 1)])
def test_a_validity_ends_after_it_begins(until: date) -> None:
    with pytest.raises(BusinessError, match=r"不晚于.*period\.order"):
        Validity(date(2023, 5, 1), until)


@given(validities(), validities())
def test_two_validities_overlap_when_some_day_is_in_both(one: Validity, other: Validity) -> None:
    common = any(
        one.covers(day) and other.covers(day) for day in (date(2020, 1, 1) + timedelta(days=n) for n in range(120))
    )
    assert one.overlaps(other) == other.overlaps(one) == common


def test_a_month_knows_its_days_and_neighbors() -> None:
    december = Month.parse("2023-12")
    assert (december.first_day, december.last_day, december.end) == (
        date(2023, 12, 1),
        date(2023, 12, 31),
        date(2024, 1, 1),
    )
    assert str(december.next()) == "2024-01"
    assert str(Month.parse("2024-01").previous()) == "2023-12"
    assert Month.parse("2024-02").last_day == date(2024, 2, 29)
    assert Month.parse("2023-09") < Month.parse("2023-10") < Month.parse("2024-01")


@given(months)
def test_months_follow_each_other_without_a_gap(month: Month) -> None:
    assert month.next().previous() == month
    assert month.next().first_day == month.end
    assert Month.parse(str(month)) == Month.of(month.last_day) == month
    assert month.validity.covers(month.last_day)
    assert not month.validity.overlaps(month.next().validity)


@pytest.mark.parametrize(
    "text", ["2023-5", "2023-13", "2023-00", "202305", "2023-05-01", "２０２３-05", "0000-01", "", "x"]
)
def test_refuses_what_is_no_month(text: str) -> None:
    with pytest.raises(BusinessError, match=r"不是月份.*period\.month"):
        Month.parse(text)

"""Where each yuan went: the parts add up to the bill, and no label of the picture covers another."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.rules import flow


@dataclass(frozen=True)
class Bill:
    total: int
    excluded: int = 0
    over_ceiling: int = 0
    upfront_copay: int = 0


@dataclass(frozen=True)
class Computed:
    eligible: int
    prepay: int = 0
    deductible: int = 0
    pooled: int = 0
    major_illness: int = 0
    assistance: int = 0


def test_each_part_of_a_bill_has_its_place() -> None:
    parts = flow.went(Bill(10_000, 1_000, 500, 300), Computed(8_200, 820, 400, 5_000, 600, 100))

    # 8,200 − 5,000 − 600 − 100 = 2,500 stay: 400 deductible, 820 prepayment, 1,280 of the rest.
    assert parts == {
        "pooled": 5_000,
        "major_illness": 600,
        "assistance": 100,
        "deductible": 400,
        "prepay": 820,
        "share": 1_280,
        "upfront_copay": 300,
        "over_ceiling": 500,
        "excluded": 1_000,
    }
    assert sum(parts.values()) == 10_000


def test_a_deductible_that_relief_pays_back_is_not_borne_by_the_person() -> None:
    parts = flow.went(Bill(1_000), Computed(1_000, deductible=400, pooled=450, assistance=550))

    assert (parts["deductible"], parts["share"]) == (0, 0)


def test_a_year_is_the_sum_of_its_bills() -> None:
    one = flow.went(Bill(100), Computed(100, deductible=20, pooled=60))
    two = flow.went(Bill(50, excluded=50), Computed(0))

    assert flow.together([one, two]) == {key: one[key] + two[key] for key in one}
    assert flow.together([])["pooled"] == 0


def test_nothing_is_drawn_of_nothing() -> None:
    assert flow.draw(flow.together([])) is None


def test_the_picture_is_to_scale() -> None:
    drawn = flow.draw(flow.together([{"pooled": 7_500, "share": 2_000, "excluded": 500}]))
    assert drawn is not None
    heights = {node.name: node.height for node in drawn.nodes}

    assert heights == {"bill": 200, "paid": 150, "own": 50, "pooled": 150, "share": 40, "excluded": 10}
    assert [row.percent for row in drawn.rows] == ["75%", "20%", "5%"]
    # The two parts of the person end 262 units down; the bill of 200 stands in the middle of 292.
    assert drawn.height == 292
    assert drawn.bands[0] == ("paid", "M130 46C200 46 200 30 270 30V180C200 180 200 196 130 196Z")


AMOUNTS = st.one_of(st.just(0), st.integers(1, 100), st.integers(1, 10**11))


@given(st.fixed_dictionaries({key: AMOUNTS for key, _, _ in flow.PARTS}))
def test_no_label_covers_another_and_everything_lies_inside(amounts: dict[str, int]) -> None:
    drawn = flow.draw(amounts)
    if drawn is None:
        assert sum(amounts.values()) == 0
        return

    places = [label.y for label in drawn.parts]
    assert all(below - above >= flow.LABEL_STEP for above, below in pairwise(places))
    assert min(places) >= flow.LABEL_STEP // 2
    assert max(places) <= drawn.height - 8
    for node in drawn.nodes:
        assert node.height >= flow.LEAST
        assert node.y >= 0
        assert node.y + node.height <= drawn.height
    funds_and_person = [label.y for label in drawn.bearers]
    assert all(14 <= place <= drawn.height for place in funds_and_person)
    assert sum(row.amount for row in drawn.rows) == sum(row.amount for row in drawn.sums) == drawn.whole
    # What pours out of the bill is as high as it: nothing is lost on the way.
    heights = {node.name: node.height for node in drawn.nodes}
    assert heights["bill"] == sum(heights.get(bearer, 0) for bearer, _ in flow.BEARERS)
    assert all(re.fullmatch(r"[MCVZ0-9 -]+", path) for _, path in drawn.bands)


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [([10, 12, 80], [10, 34, 80]), ([70, 90, 95], [47, 71, 95]), ([], [])],
)
def test_labels_are_spread_as_little_as_may_be(wanted: list[int], placed: list[int]) -> None:
    assert flow.spread(wanted, step=24, last=95) == placed

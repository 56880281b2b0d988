"""Money: fen in, fen out, one rounding."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel import money
from bureau.kernel.errors import BusinessError

amounts = st.integers(0, money.MAX_FEN)


@pytest.mark.parametrize(
    ("base", "ratio", "rounded"),
    [(100_05, 5_000, 50_03), (1, 5_000, 1), (1, 4_999, 0), (1_234_56, 7_550, 932_09), (10_000_00, 10_000, 10_000_00)],
)
def test_rounds_half_a_fen_up(base: int, ratio: int, rounded: int) -> None:
    assert money.round_half_up(base, ratio) == rounded


@given(amounts, st.integers(0, 10_000))
def test_rounds_as_decimal_does(base: int, ratio: int) -> None:
    exact = Decimal(base) * ratio / 10_000
    assert money.round_half_up(base, ratio) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def test_the_largest_amount_times_the_largest_ratio_fits_64_bits() -> None:
    assert money.MAX_FEN * money.BASIS_POINTS < 2**63


@pytest.mark.parametrize(
    ("text", "fen"),
    [("1234.50", 1_234_50), (" 1,234.5 ", 1_234_50), ("0", 0), ("-0.01", -1), ("12.3400", 12_34), ("1，000", 1_000_00)],
)
def test_reads_yuan_exactly(text: str, fen: int) -> None:
    assert money.parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.345", "money.not_exact"),
        ("1,234.567", "money.not_exact"),
        ("12,34", "money.not_a_number"),
        ("1,2,3", "money.not_a_number"),
        ("１２.５", "money.not_a_number"),
        ("٣", "money.not_a_number"),
        ("1E5", "money.not_a_number"),
        ("", "money.not_a_number"),
        ("nan", "money.not_a_number"),
        ("￥5", "money.not_a_number"),
        ("999999999999", "money.too_large"),
    ],
)
def test_refuses_what_is_no_amount(text: str, code: str) -> None:
    with pytest.raises(BusinessError) as refusal:
        money.parse_yuan(text)
    assert refusal.value.code == code


@given(st.integers(-money.MAX_FEN, money.MAX_FEN), st.booleans())
def test_reads_what_it_writes(fen: int, grouped: bool) -> None:
    assert money.parse_yuan(money.format_yuan(fen, grouped=grouped)) == fen


def test_writes_amounts_and_ratios_for_people() -> None:
    assert money.format_yuan(-1_234_56) == "-1234.56"
    assert money.format_yuan(9_876_543_21, grouped=True) == "9,876,543.21"
    assert money.format_yuan(-5) == "-0.05"
    assert [money.format_ratio(ratio) for ratio in (7_550, 7_000, 1, -250)] == ["75.5%", "70%", "0.01%", "-2.5%"]


def test_splits_by_the_largest_remainder() -> None:
    # 100 : 3 leaves one fen for the first of equals; 2:3:4 of 10 are 2.22, 3.33, 4.44.
    assert money.allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert money.allocate(10, [2, 3, 4]) == [2, 3, 5]
    assert money.allocate(0, [5, 0]) == [0, 0]


@given(amounts, st.lists(st.integers(0, 10**12), min_size=1, max_size=30).filter(any))
def test_a_split_adds_up_and_nobody_is_a_fen_off(total: int, weights: list[int]) -> None:
    parts = money.allocate(total, weights)
    assert sum(parts) == total
    assert all(
        abs(part * sum(weights) - total * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True)
    )


@pytest.mark.parametrize(("total", "weights"), [(-1, [1]), (1, [0, 0]), (1, [-1, 2]), (1, [])])
def test_refuses_a_split_without_meaning(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match=r"negative|positive"):
        money.allocate(total, weights)


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (100, "壹元整"),
        (1_05, "壹元零伍分"),
        (1_50, "壹元伍角整"),
        (10_00, "壹拾元整"),
        (1_005_00, "壹仟零伍元整"),
        (10_001_00, "壹万零壹元整"),
        (100_000_00, "壹拾万元整"),
        (100_010_00, "壹拾万零壹拾元整"),
        (1_234_567_89, "壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分"),
        (100_000_000_00, "壹亿元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (1_000_500_000_00, "壹拾亿零伍拾万元整"),
        (-3_20, "负叁元贰角整"),
    ],
)
def test_amounts_on_vouchers_are_written_in_capitals(fen: int, written: str) -> None:
    assert money.capital_yuan(fen) == written

"""Columns read many rows at a time say what the careful reader says, or leave the row to it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bureau.kernel.money import parse_yuan
from claims.importing.columns import ODD, fen, whole_numbers

AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
NUMBER = re.compile(r"[0-9]{1,9}")
NASTY = st.text(alphabet="0123456789.,-+ \0１e", max_size=16)


def test_amounts_as_people_write_them() -> None:
    texts = ["0.00", "3100", "3100.5", "3100.50", "0.01", "999999999.99", "007.10"]

    assert fen(texts).tolist() == [0, 310_000, 310_050, 310_050, 1, 99_999_999_999, 710]


def test_what_is_odd_is_left_alone() -> None:
    odd = ["", ".", ".5", "5.", "1.234", "1.2.3", "-1.00", "+1", "1,000.00", " 1.00", "1e3", "1234567890", "1\x002"]

    assert fen(odd).tolist() == [ODD] * len(odd)
    for text in odd:
        assert fen([text]).tolist() == [ODD]
        assert fen(["1.00", text])[1] == ODD


def test_one_odd_letter_does_not_make_its_neighbors_wrong() -> None:
    assert fen(["1.00", "x" * 100, "2.00"]).tolist() == [100, ODD, 200]
    # Not ASCII: the whole column is read with care.
    assert fen(["1.00", "１.00"]).tolist() == [ODD, ODD]


@given(st.lists(NASTY, min_size=1, max_size=8))
def test_an_amount_is_right_or_odd(texts: list[str]) -> None:
    for text, found in zip(texts, fen(texts).tolist(), strict=True):
        assert found == ODD or found == parse_yuan(text)
        if all(other.isascii() and "\0" not in other for other in texts):
            assert (found != ODD) == (AMOUNT.fullmatch(text) is not None)


@given(st.lists(NASTY, min_size=1, max_size=8))
def test_a_number_is_right_or_odd(texts: list[str]) -> None:
    for text, found in zip(texts, whole_numbers(texts).tolist(), strict=True):
        assert found == ODD or found == int(text)
        if all(other.isascii() and "\0" not in other for other in texts):
            assert (found != ODD) == (NUMBER.fullmatch(text) is not None)

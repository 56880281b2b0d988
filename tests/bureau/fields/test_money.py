"""A form field of money: yuan are typed, fen are stored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from bureau.fields import MoneyField


@pytest.mark.parametrize(
    ("typed", "fen"), [("0.01", 1), ("12.5", 1_250), ("1,234.50", 123_450), ("9000000", 900_000_000)]
)
def test_yuan_become_fen(typed: str, fen: int) -> None:
    assert MoneyField("应付").formfield().clean(typed) == fen


def test_what_is_stored_is_shown_in_yuan() -> None:
    assert MoneyField("应付").formfield().prepare_value(123_450) == "1234.50"


@pytest.mark.parametrize("typed", ["1.005", "abc", "9" * 40])
def test_what_is_no_amount_is_said_and_nothing_breaks(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        MoneyField("应付").formfield().clean(typed)
    assert refusal.value.messages


def test_an_amount_is_wanted_unless_the_column_may_be_empty() -> None:
    with pytest.raises(ValidationError):
        MoneyField("应付").formfield().clean("")
    assert MoneyField("应付", null=True, blank=True).formfield().clean("") is None

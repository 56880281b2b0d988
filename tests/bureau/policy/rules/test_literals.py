"""Literals are exact: what is not written exactly right is nothing at all."""

from __future__ import annotations

import pytest

from bureau.policy.rules import literals
from bureau.policy.rules.literals import Modifier


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("200元", 20_000),
        ("8万元", 8_000_000),
        ("1.5万元", 1_500_000),
        ("0.000001万元", 1),
        ("120.01元", 12_001),
        ("0元", 0),
        ("200", None),
        ("200 元", None),
        ("1,000元", None),
        ("-5元", None),
        ("1.001元", None),
        ("二百元", None),
        ("200元整", None),
    ],
)
def test_money(text: str, fen: int | None) -> None:
    assert literals.money(text) == fen


@pytest.mark.parametrize(
    ("text", "points"),
    [("50%", 5_000), ("0%", 0), ("100%", 10_000), ("52.25%", 5_225), ("100.01%", None), ("0.5", None), ("50", None)],
)
def test_ratio(text: str, points: int | None) -> None:
    assert literals.ratio(text) == points


def test_modifiers() -> None:
    assert literals.points("+5点") == Modifier("add", 500)
    assert literals.points("-10点") == Modifier("add", -1_000)
    assert literals.points("−2.5点") == Modifier("add", -250)
    assert literals.points("5点") is None
    assert literals.factor("×50%") == Modifier("times", 5_000)
    assert literals.factor("x50%") is None
    assert literals.factor("×150%") is None
    assert literals.change("-300元") == Modifier("add", -30_000)
    assert literals.change("300元") is None

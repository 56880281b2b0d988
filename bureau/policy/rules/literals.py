"""The exact literals of a pack: `200元`, `8万元`, `50%`, and the modifiers `+5点`, `×50%`, `-300元`, `none`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bureau.kernel.money import BASIS_POINTS, MAX_FEN

NONE = "none"

_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,6}))?(万?)元")
_RATIO = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?%")
_POINTS = re.compile(r"([+\-−])(\d{1,2})(?:\.(\d{1,2}))?点")
_FACTOR = re.compile(r"×(\d{1,3}(?:\.\d{1,2})?%)")
_CHANGE = re.compile(r"([+\-−])(\d.*元)")
_FEN_DIGITS = 2
_FEN_DIGITS_OF_TEN_THOUSAND = 6


def money(text: str) -> int | None:
    """Fen, or None if this is not an exact amount with its unit."""
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    whole, decimals, ten_thousand = match.groups()
    digits = _FEN_DIGITS_OF_TEN_THOUSAND if ten_thousand else _FEN_DIGITS
    if decimals and len(decimals) > digits:
        return None
    fen = int(whole + (decimals or "").ljust(digits, "0"))
    return fen if fen <= MAX_FEN else None


def ratio(text: str) -> int | None:
    """Basis points between 0 and 100 %, or None."""
    match = _RATIO.fullmatch(text)
    if match is None:
        return None
    points = int(match[1] + (match[2] or "").ljust(2, "0"))
    return points if points <= BASIS_POINTS else None


@dataclass(frozen=True, slots=True)
class Modifier:
    """A change of another value: `add` points or fen, `times` basis points, or `set` (`none`, `yes`, `no`)."""

    kind: str
    amount: int = 0


def points(text: str) -> Modifier | None:
    """`+5点`, `-10点`: percentage points as basis points."""
    match = _POINTS.fullmatch(text)
    if match is None:
        return None
    amount = int(match[2] + (match[3] or "").ljust(2, "0"))
    return Modifier("add", amount if match[1] == "+" else -amount)


def factor(text: str) -> Modifier | None:
    """`×50%`."""
    match = _FACTOR.fullmatch(text)
    share = ratio(match[1]) if match else None
    return None if share is None else Modifier("times", share)


def change(text: str) -> Modifier | None:
    """`-300元`, `+100元`."""
    match = _CHANGE.fullmatch(text)
    amount = money(match[2]) if match else None
    if match is None or amount is None:
        return None
    return Modifier("add", amount if match[1] == "+" else -amount)

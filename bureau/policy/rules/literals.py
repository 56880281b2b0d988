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
_MONTHS = re.compile(r"([0-9]{1,3})个月")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年")
_DAY = re.compile(r"([0-9]{1,2})月([0-9]{1,2})日")
_PART = re.compile(r"1/([1-9][0-9]?)")
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
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


def is_beyond_whole(text: str) -> bool:
    """Whether this is a ratio, only of more than 100 %."""
    return _RATIO.fullmatch(text) is not None and ratio(text) is None


def months(text: str) -> int | None:
    """`6个月`."""
    match = _MONTHS.fullmatch(text)
    return int(match[1]) if match else None


def year(text: str) -> int | None:
    """`2021年`."""
    match = _YEAR.fullmatch(text)
    return int(match[1]) if match else None


def day_of_year(text: str) -> int | None:
    """`9月1日` as 901."""
    match = _DAY.fullmatch(text)
    if match is None or not 1 <= int(match[1]) <= len(_DAYS_IN_MONTH):
        return None
    month, day = int(match[1]), int(match[2])
    return month * 100 + day if 1 <= day <= _DAYS_IN_MONTH[month - 1] else None


def part(text: str) -> int | None:
    """`1/3` as its denominator, since a third has no exact ratio in basis points."""
    match = _PART.fullmatch(text)
    return int(match[1]) if match else None


def words(text: str, known: tuple[str, ...]) -> int | None:
    """`spouse|child` as the set of their positions in the vocabulary, one bit each; None for anything unknown."""
    said = text.split("|")
    if len(set(said)) != len(said) or not set(said) <= set(known):
        return None
    return sum(1 << known.index(word) for word in said)


def words_of(value: int, known: tuple[str, ...]) -> tuple[str, ...]:
    """The words of such a set."""
    return tuple(word for position, word in enumerate(known) if value >> position & 1)


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

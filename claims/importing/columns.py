"""Columns of a claim file turned into integers, many rows at a time; odd rows are left to the careful reader."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from claims.rules.facts import Encoder

Array: TypeAlias = NDArray[np.int64]

# Marks a row that the careful reader must look at.
ODD = -1
YES_NO = {"yes": True, "no": False}

_SHIFT = 32
_LOW = (1 << _SHIFT) - 1
_ZERO, _POINT = ord("0"), ord(".")
_MOST_DIGITS = 9
_CENTS = 2


class Numbers(dict[tuple[str, str], int]):
    """Counts what it is asked for: each new key gets the next number."""

    def __missing__(self, key: tuple[str, str]) -> int:
        number = self[key] = len(self)
        return number


class _Known(dict[tuple[str, ...], int]):
    """Both table rows of a combination of facts, in one number; looked up once for each combination."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def __missing__(self, key: tuple[str, ...]) -> int:
        try:
            cell, protection = self.look_up(key)
        except (KeyError, ValueError):
            found = ODD
        else:
            found = cell << _SHIFT | protection
        self[key] = found
        return found

    def look_up(self, key: tuple[str, ...]) -> tuple[int, int]:
        raise NotImplementedError


class Standings(_Known):
    """(scheme, employment, relief, registered_poor, care, level, filing, signed, chronic_count) as written."""

    def look_up(self, key: tuple[str, ...]) -> tuple[int, int]:
        scheme, employment, relief, poor, care, level, filing, signed, chronic = key
        if not (chronic.isascii() and chronic.isdigit() and len(chronic) < _MOST_DIGITS):
            raise ValueError(chronic)
        return self.encoder.standing(
            scheme,
            employment,
            relief,
            care,
            level,
            registered_poor=YES_NO[poor],
            filing=YES_NO[filing],
            signed=YES_NO[signed],
            chronic_count=int(chronic),
        )


class Places(_Known):
    """(service_date, insured_area, care_area) as written."""

    def look_up(self, key: tuple[str, ...]) -> tuple[int, int]:
        day, insured, care = key
        if len(day) != len("2023-01-01"):
            raise ValueError(day)
        return self.encoder.place(date.fromisoformat(day), insured, care)


def cells(
    standings: Standings, places: Places, columns: Sequence[Sequence[str]]
) -> tuple[Array, Array, NDArray[np.bool_]]:
    """The two table rows of each row of the file, and where they are odd.

    `columns` are those of `Standings` and then those of `Places`.
    """
    count = len(columns[0])
    who = np.fromiter(map(standings.__getitem__, zip(*columns[:9], strict=True)), np.int64, count)
    where = np.fromiter(map(places.__getitem__, zip(*columns[9:], strict=True)), np.int64, count)
    return (who >> _SHIFT) + (where >> _SHIFT), (who & _LOW) + (where & _LOW), (who == ODD) | (where == ODD)


def fen(texts: Sequence[str]) -> Array:
    """Plain amounts in yuan ("3100", "3100.5", "3100.50", at most nine digits before the point) as fen, else `ODD`."""
    letters = _letters(texts)
    if letters is None:
        return np.full(len(texts), ODD, dtype=np.int64)
    value = np.zeros(len(texts), dtype=np.int64)
    whole, cents = np.zeros_like(value), np.zeros_like(value)
    pointed, wrong = np.zeros(len(texts), dtype=bool), np.zeros(len(texts), dtype=bool)
    for letter in letters:
        digit = (letter >= _ZERO) & (letter <= _ZERO + 9)
        point = letter == _POINT
        value = np.where(digit, value * 10 + (letter - _ZERO), value)
        cents += digit & pointed
        whole += digit & ~pointed
        wrong |= (point & pointed) | ~(digit | point | (letter == 0))
        pointed |= point
    wrong |= (whole == 0) | (whole > _MOST_DIGITS) | (cents > _CENTS) | (pointed & (cents == 0))
    value *= np.array([100, 10, 1], dtype=np.int64)[np.minimum(cents, _CENTS)]
    return np.where(wrong, ODD, value)


def whole_numbers(texts: Sequence[str]) -> Array:
    """Plain numbers of at most nine digits, else `ODD`."""
    letters = _letters(texts)
    if letters is None:
        return np.full(len(texts), ODD, dtype=np.int64)
    value = np.zeros(len(texts), dtype=np.int64)
    digits, wrong = np.zeros_like(value), np.zeros(len(texts), dtype=bool)
    for letter in letters:
        digit = (letter >= _ZERO) & (letter <= _ZERO + 9)
        value = np.where(digit, value * 10 + (letter - _ZERO), value)
        digits += digit
        wrong |= ~(digit | (letter == 0))
    return np.where(wrong | (digits == 0) | (digits > _MOST_DIGITS), ODD, value)


def _letters(texts: Sequence[str]) -> list[NDArray[np.int64]] | None:
    """All first letters, all second ones …, zero where a text has ended; None where one text cannot be plain."""
    # Longer texts are cut one letter after the longest plain one, which leaves them too long to be plain.
    if "\0" in "".join(texts):
        return None
    try:
        packed = np.array(texts, dtype=f"S{_MOST_DIGITS + 1 + _CENTS + 1}")
    except UnicodeEncodeError:
        return None
    matrix = packed.view(np.uint8).reshape(len(texts), -1)
    used = np.flatnonzero(matrix.any(axis=0))
    return [matrix[:, at].astype(np.int64) for at in used.tolist()]

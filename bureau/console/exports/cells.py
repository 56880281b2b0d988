"""What stands in a cell, and how it leaves so that no spreadsheet runs it (OWASP CSV injection) and nothing is lost."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeAlias

# Text, a count, an amount in yuan with two decimals, a day, or nothing.
Cell: TypeAlias = str | int | Decimal | date | None

QUOTE = "'"
_SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_CONTROLS = ("\t", "\r", "\n", "\0")


def quoted(text: str) -> str:
    """A csv cell that is text whatever it begins with: what could be run is quoted, never cut.

    A text that begins with a quote gets one more, so that taking one quote away always gives the text back.
    """
    is_active = text.startswith((QUOTE, *_CONTROLS)) or text.lstrip().startswith(_SIGNS)
    return f"{QUOTE}{text}" if is_active else text


def unquoted(cell: str) -> str:
    """The text that `quoted` was given."""
    return cell.removeprefix(QUOTE)


def in_csv(cell: Cell) -> str:
    """Numbers stay numbers, also negative ones: they are ours; everything else is text."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    if isinstance(cell, int):
        return str(cell)
    return cell.isoformat() if isinstance(cell, date) else quoted(cell)

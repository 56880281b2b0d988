"""What a file is made of: cells as they stand, lines with their numbers, and the rows that a header makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from bureau.kernel.sheets import limits

_BLANKS = "\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
BLANK_SIGNS = re.compile(f"[{_BLANKS}]+")
_FILLED = re.compile(f"[^{_BLANKS}]")


class Cell(NamedTuple):
    """A cell's text as it stands (numbers without exponent, dates in ISO) and whether the file held a number."""

    text: str
    is_number: bool = False

    @property
    def is_blank(self) -> bool:
        return _FILLED.search(self.text) is None


BLANK = Cell("")


class Row(NamedTuple):
    """A data row: its line in the file, the recognized columns, and the first text in the line, whatever its column."""

    line: int
    cells: dict[str, Cell]
    first: str

    def text(self, column: str) -> str:
        """The text of a column, "" where the file has no such column."""
        return self.cells.get(column, BLANK).text


Line = tuple[int, list[Cell]]


class Table(NamedTuple):
    """A sheet of the file as it is: a name ("" for csv) and all lines with their numbers; hidden ones stay unread.

    The lines are made as they are asked for, each time anew: a large file never lies in memory cell by cell.
    """

    name: str
    lines: Iterable[Line]
    hidden: bool = False

    @property
    def head(self) -> list[Line]:
        """The lines among which the header is looked for."""
        return list(islice(self.lines, limits.HEADER_WITHIN))


@dataclass(frozen=True, slots=True)
class Column:
    """A column that we look for: our name, the headers it goes by (the first that is found counts), is it needed."""

    name: str
    aliases: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read; `unread` are headers that nobody asked for, `skipped` other sheets with content.

    Of `find_sheet`, the rows can be gone through once, and a file may still turn out to be wrong on the way.
    """

    name: str
    header_line: int
    columns: dict[str, str]
    rows: Iterable[Row]
    unread: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()

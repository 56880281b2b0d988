"""Read a foreign xlsx or csv, by content and not by name, into rows with their original line numbers.

Everything is text here, but a cell remembers whether the file held a number (interfaces §3: a numeric ID is an error).
What cannot be read for certain is refused with a sentence: a row lost in silence would end somebody's benefits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bureau.kernel.sheets.files import check_name, open_tables
from bureau.kernel.sheets.headers import find_sheet, normalize_header
from bureau.kernel.sheets.limits import MAX_BYTES
from bureau.kernel.sheets.tables import Cell, Column, Row, Sheet, Table

__all__ = [
    "MAX_BYTES",
    "Cell",
    "Column",
    "Row",
    "Sheet",
    "Table",
    "check_name",
    "find_sheet",
    "normalize_header",
    "open_tables",
    "read_sheet",
]


def read_sheet(content: bytes, columns: Sequence[Column]) -> Sheet:
    """The one sheet of the file whose header fits, as rows; raises `sheets.*` with a Chinese sentence."""
    sheet = find_sheet(open_tables(content), columns)
    return replace(sheet, rows=list(sheet.rows))

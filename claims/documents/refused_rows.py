"""Refused rows of claim files as csv that a spreadsheet may open: no cell begins a formula (OWASP CSV injection)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bureau.console.exports.cells import quoted

if TYPE_CHECKING:
    from claims.models import ClaimRow

_HEADER = ("行号", "单据号", "列", "问题", "说明")


def render(rows: Iterable[ClaimRow]) -> str:
    """One line a row, with what the file said in the columns after the reason."""
    kept = list(rows)
    columns = list(dict.fromkeys(name for row in kept for name in row.raw))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_HEADER, *(quoted(name) for name in columns)])
    for row in kept:
        said = [row.line, row.number, row.column, row.code, row.message]
        writer.writerow([quoted(str(cell)) for cell in (*said, *(row.raw.get(name, "") for name in columns))])
    return out.getvalue()

"""A hundred thousand rows: written one by one, in the memory of a few."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from decimal import Decimal

import pytest

from bureau.console.exports import files
from bureau.console.exports.cells import Cell
from bureau.console.exports.files import Format, Marked

ROWS = 100_000
MARKED = Marked("费用单据", "经办1 clerk-1 2026-01-02 03:04:05 DC20260102-0A1B2C3D", "DC20260102-0A1B2C3D")
HEADER = ["单据号", "姓名", "机构", "总额", "统筹", "个人负担"]


def rows() -> Iterator[list[Cell]]:
    for place in range(ROWS):
        yield [f"MZ-{place:06d}", "王芳", "游仙第二医院", Decimal("1000.20"), Decimal("400.10"), None]


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(Format))
def test_a_hundred_thousand_rows_in_bounded_memory(kind: Format) -> None:
    """The finished file is held once; beside it, less than 40 MB for either kind."""
    tracemalloc.start()
    content, count = files.written(kind, HEADER, rows(), MARKED)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert count == ROWS
    assert peak < 2 * len(content) + 40 * 1024 * 1024
    if kind is Format.XLSX:
        # Reading a hundred thousand rows back takes longer than writing them; their text suffices.
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            sheet = parts.read("xl/worksheets/sheet1.xml")
        assert sheet.count(b"<row ") == ROWS + 2
        assert sheet.count(b"DC20260102-0A1B2C3D") == ROWS + 2
        assert b"MZ-099999" in sheet
    else:
        assert content.count(b"\r\n") == ROWS + 2

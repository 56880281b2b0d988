"""No text of ours becomes a formula in a spreadsheet, and every text comes back as it was: each file is reopened."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from bureau.console.exports import files
from bureau.console.exports.cells import Cell, quoted, unquoted
from bureau.console.exports.files import Format, Marked

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "\r=")
BODIES = ("1+1", "cmd|'/c calc'!A1", 'HYPERLINK("http://x","看")', "SUM(A1:A9)")
PAYLOADS = [sign + body for sign in SIGNS for body in BODIES]
ODD = ["\0=1", " =1+1", "'=1", "'", "a\nb", 'a"b,c', "𠀀=", "http://x", "007", "1e5", "_x0041_", "=1&2", "\n@x"]
MARKED = Marked("费用单据", "=经办 =clerk 2026-01-02 03:04:05 DC20260102-0A1B2C3D", "DC20260102-0A1B2C3D")


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_forty_payloads_are_ten_signs_before_four_bodies() -> None:
    assert len(set(PAYLOADS)) == 40


@pytest.mark.parametrize("text", PAYLOADS + ODD)
def test_a_csv_cell_begins_with_the_quote_and_gives_the_text_back(text: str) -> None:
    content, count = files.written(Format.CSV, ["姓名"], [[text]], MARKED)
    header, row, mark = read_back(content)

    assert count == 1
    assert header == ["姓名", "导出编号"]
    assert row[1] == "DC20260102-0A1B2C3D"
    assert unquoted(row[0]) == text
    assert mark == ["'=经办 =clerk 2026-01-02 03:04:05 DC20260102-0A1B2C3D"]
    if text in PAYLOADS:
        assert row[0] == "'" + text


@pytest.mark.parametrize("text", PAYLOADS + ODD)
def test_a_workbook_cell_is_a_quoted_string_and_gives_the_text_back(text: str) -> None:
    content, _ = files.written(Format.XLSX, ["姓名"], [[text]], MARKED)
    sheet = load_workbook(io.BytesIO(content)).active
    cell = sheet["A3"]

    assert (cell.data_type, cell.quotePrefix, cell.number_format, cell.hyperlink) == ("s", True, "@", None)
    # A line end within a cell is one line feed for every reader of XML.
    assert unescape(cell.value).replace("\r", "\n") == text.replace("\r", "\n")
    assert (sheet["A1"].value, sheet["A1"].data_type, sheet["A1"].quotePrefix) == (MARKED.mark, "s", True)


def test_amounts_counts_and_days_are_what_they_are() -> None:
    row: list[Cell] = [Decimal("-1234.50"), Decimal("0.05"), 12, date(2023, 5, 1), None, "510704197001010012"]
    header = ["金额", "分", "张", "日", "空", "证件号"]

    sheet = load_workbook(io.BytesIO(files.written(Format.XLSX, header, [row], MARKED)[0])).active
    values = [cell.value for cell in sheet[3]]
    assert values[:3] == [-1234.5, 0.05, 12]
    assert values[3].date() == date(2023, 5, 1)
    assert values[4:] == [None, "510704197001010012", "DC20260102-0A1B2C3D"]
    assert [cell.data_type for cell in sheet[3]] == ["n", "n", "n", "d", "n", "s", "s"]
    assert sheet["A3"].number_format == "#,##0.00"

    line = read_back(files.written(Format.CSV, header, [row], MARKED)[0])[1]
    assert line == ["-1234.50", "0.05", "12", "2023-05-01", "", "510704197001010012", "DC20260102-0A1B2C3D"]


def test_the_mark_stands_on_every_printed_page() -> None:
    content, _ = files.written(Format.XLSX, ["甲"], [["乙"]], MARKED)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.oddHeader.right.text == MARKED.mark
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.print_title_rows == "$1:$2"


def test_a_cell_that_needs_no_quote_gets_none() -> None:
    assert [quoted(text) for text in ("王芳", "510704", "a=b", "")] == ["王芳", "510704", "a=b", ""]

"""Rows into a csv or a workbook, one row at a time; whose export it is stands on every sheet and in every row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from bureau.console.attachments import CSV, XLSX
from bureau.console.exports.cells import Cell, in_csv, quoted
from bureau.kernel.terms import Term

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

NUMBER_COLUMN = "导出编号"
_WIDTH = 16


class Format(Term):
    """The kinds of file."""

    XLSX = "xlsx", "Excel 工作簿（xlsx）"
    CSV = "csv", "文本表格（csv）"


CONTENT_TYPES = {
    Format.XLSX: XLSX,
    Format.CSV: CSV,
}


@dataclass(frozen=True, slots=True)
class Marked:
    """What an export bears: its title, who took it out and when (in words), and its number."""

    title: str
    mark: str
    number: str


def written(kind: Format, header: Sequence[str], rows: Iterable[Sequence[Cell]], marked: Marked) -> tuple[bytes, int]:
    """The file and how many rows it has."""
    write = _csv if kind is Format.CSV else _xlsx
    return write([*header, NUMBER_COLUMN], rows, marked)


def _csv(header: Sequence[str], rows: Iterable[Sequence[Cell]], marked: Marked) -> tuple[bytes, int]:
    """The mark stands in the last line, so that the first one names the columns."""
    # Spreadsheets tell by the byte order mark that it is UTF-8.
    out = io.StringIO("\ufeff", newline="")
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out)
    writer.writerow([quoted(title) for title in header])
    count = 0
    for row in rows:
        writer.writerow([*map(in_csv, row), marked.number])
        count += 1
    writer.writerow([quoted(marked.mark)])
    return out.getvalue().encode(), count


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[Cell]], marked: Marked) -> tuple[bytes, int]:
    """The mark stands in the first row and on every printed page; rows go to disk as they come."""
    file = io.BytesIO()
    # Nothing is guessed from a text: no formula, no link, no number.
    guesses = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(file, {"constant_memory": True, **guesses}) as workbook:
        looks = _Looks(workbook)
        sheet = workbook.add_worksheet("导出")
        _set_page(sheet, header, marked)
        sheet.write_string(0, 0, marked.mark, looks.mark)
        for column, title in enumerate(header):
            sheet.write_string(1, column, title, looks.head)
        count = 0
        for row in rows:
            for column, cell in enumerate([*row, marked.number]):
                looks.write(sheet, count + 2, column, cell)
            count += 1
    return file.getvalue(), count


def _set_page(sheet: Worksheet, header: Sequence[str], marked: Marked) -> None:
    sheet.freeze_panes(2, 0)
    sheet.set_column(0, len(header) - 1, _WIDTH)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    # An ampersand begins a command there.
    title, mark = (text.replace("&", "&&") for text in (marked.title, marked.mark))
    sheet.set_header(f"&L{title}&R{mark}"[:250])
    sheet.set_footer("&C第 &P 页，共 &N 页")


class _Looks:
    """The formats of a workbook and which cell takes which."""

    def __init__(self, workbook: Any) -> None:
        quote = {"quote_prefix": True, "num_format": "@"}
        self.mark = workbook.add_format({**quote, "font_color": "#595959"})
        self.head = workbook.add_format({**quote, "bold": True, "bg_color": "#e6f2f2", "border": 1})
        self.text = workbook.add_format(quote)
        self.amount = workbook.add_format({"num_format": "#,##0.00"})
        self.count = workbook.add_format({"num_format": "0"})
        self.day = workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"})

    def write(self, sheet: Worksheet, row: int, column: int, cell: Cell) -> None:
        """A number where we know one, else a text that is nothing but a text."""
        if cell is None or cell == "":
            return
        if isinstance(cell, Decimal):
            sheet.write_number(row, column, float(cell), self.amount)
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self.count)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self.day)
        else:
            sheet.write_string(row, column, cell, self.text)

"""An xlsx: measured before the reader, which trusts what it is told, is let at it; then line by line."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from bureau.kernel.errors import BusinessError
from bureau.kernel.sheets import limits
from bureau.kernel.sheets.tables import BLANK, Cell, Line, Table

# A cell element that is not empty, and its reference: blank formatted cells are harmless, however far they reach.
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])([^>]*)>(?!</)")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]+)([0-9]+)["']""")
_BROKEN_PACKAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)
_SHARED_STRING = re.compile(rb"<(?:\w+:)?si\b")


def open_workbook(content: bytes) -> list[Table]:
    _check_package(content)
    with _reader_at_work():
        return list(_visible_tables(CalamineWorkbook.from_filelike(io.BytesIO(content))))


@contextmanager
def _reader_at_work() -> Iterator[None]:
    try:
        yield
    except PasswordError:
        raise BusinessError("sheets.encrypted", "文件有打开密码，请取消密码后重新上传。") from None
    except (CalamineError, ZipError, XmlError, ValueError, OSError):
        raise limits.unreadable() from None
    except BaseException as error:
        # A panic of the parser is not an Exception; it must not end the process either.
        if type(error).__name__ != "PanicException":
            raise
        raise limits.unreadable() from None


def _visible_tables(workbook: CalamineWorkbook) -> Iterator[Table]:
    for meta in workbook.sheets_metadata:
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue
        if meta.visible is not SheetVisibleEnum.Visible:
            yield Table(meta.name, [], hidden=True)
        else:
            yield Table(meta.name, _Grid(workbook.get_sheet_by_name(meta.name)))


@dataclass(frozen=True, slots=True)
class _Grid:
    """The lines of a worksheet from A1 on."""

    sheet: CalamineSheet

    def __iter__(self) -> Iterator[Line]:
        # The reader begins with the first line, but with the first filled column.
        before = [BLANK] * (self.sheet.start[1] if self.sheet.start else 0)
        values = self.sheet.iter_rows()
        for number in count(1):
            with _reader_at_work():
                line = next(values, None)
            if line is None:
                return
            yield number, [*before, *map(_cell, line)]


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return Cell(value)
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    if isinstance(value, int):
        return Cell(str(value), is_number=True)
    if isinstance(value, float):
        return Cell(str(int(value)) if value.is_integer() else repr(value), is_number=True)
    if isinstance(value, datetime):
        # A date with a time of day loses it: rosters and claims know days.
        return Cell(value.date().isoformat())
    if isinstance(value, date):
        return Cell(value.isoformat())
    return Cell(str(value))


def _check_package(content: bytes) -> None:
    """Refuse what the reader would choke on: it trusts the references in a sheet and allocates at once."""
    try:
        longest, filled = _measure(zipfile.ZipFile(io.BytesIO(content)))
    except _BROKEN_PACKAGE:
        raise limits.unreadable() from None
    if longest * filled > limits.MAX_TEXT:
        raise BusinessError("sheets.too_large", "有单元格的文字过长，请检查表格后重新上传。")


def _measure(package: zipfile.ZipFile) -> tuple[int, int]:
    """Bytes of the longest shared string and number of filled cells; unpacks every part, so sizes cannot lie."""
    members = package.infolist()
    names = {member.filename.lower() for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise BusinessError("sheets.encrypted", "文件有密码，请取消密码后重新上传。")
    if "xl/workbook.xml" not in names:
        raise BusinessError("sheets.not_a_workbook", "这个压缩文件不是 xlsx 工作簿，请另存为 xlsx 后上传。")
    if len(members) > limits.MAX_MEMBERS:
        raise limits.too_much()
    rest = limits.MAX_UNPACKED
    longest = filled = 0
    for member in members:
        with package.open(member) as file:
            part = file.read(rest + 1)
        rest -= len(part)
        if rest < 0:
            raise limits.too_much()
        if member.filename.lower().endswith("sharedstrings.xml"):
            longest = max(longest, _longest_string(part))
        elif member.filename.lower().endswith(".xml"):
            filled += _check_area(part)
    return longest, filled


def _check_area(part: bytes) -> int:
    """The number of filled cells of a worksheet's XML; raises where the rectangle they span is absurd."""
    if b"\0" in part[:64]:
        raise limits.unreadable()
    last_row = last_column = filled = 0
    for match in _CELL.finditer(part):
        if match[1].endswith(b"/"):
            continue
        filled += 1
        references = _REFERENCE.findall(match[1])
        if not references:
            # Excel and WPS always say where a cell stands; without that its place cannot be bounded.
            raise limits.unreadable()
        for letters, digits in references:
            last_row = max(last_row, int(digits))
            last_column = max(last_column, _column_number(letters))
    if last_row * last_column > limits.MAX_AREA or last_row > limits.MAX_ROWS + limits.HEADER_WITHIN:
        raise limits.too_much()
    return filled


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _longest_string(part: bytes) -> int:
    starts = [match.start() for match in _SHARED_STRING.finditer(part)]
    return max((after - before for before, after in zip(starts, [*starts[1:], len(part)], strict=True)), default=0)

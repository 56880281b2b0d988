"""Read a foreign xlsx or csv, by content and not by name, into rows with their original line numbers.

Everything is text here, but a cell remembers whether the file held a number (interfaces §3: a numeric ID is an error).
What cannot be read for certain is refused with a sentence: a row lost in silence would end somebody's benefits.
"""

from __future__ import annotations

import codecs
import csv
import io
import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, count, islice, pairwise, zip_longest
from pathlib import PurePath
from typing import NamedTuple

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

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 1_000
MAX_ROWS = 200_000
MAX_COLUMNS = 200
# Cells of the rectangle from A1 to the last filled one: the reader allocates all of it, at once and without appeal.
MAX_AREA = 8_000_000
MAX_TEXT = 512 * 1024 * 1024
HEADER_WITHIN = 20

_BLANKS = "\\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_BLANK = re.compile(f"[{_BLANKS}]+")
_FILLED = re.compile(f"[^{_BLANKS}]")
_HEADER_NOISE = re.compile(r"[\s*:：_'\"“”]+")
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
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BEGINS = (_COMPOUND, *_PACKAGE)
# What a name promises; xls and locked xlsx are let through to the reader, which knows better advice.
_BEGIN_OF: dict[str, tuple[bytes, ...]] = {".xlsx": _BEGINS, ".xls": (_COMPOUND,), ".csv": (b"",)}
_QUOTED = re.compile(r'"[^"]*"')
_REMARK = re.compile(r"\([^()]*\)$")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SHARED_STRING = re.compile(rb"<(?:\w+:)?si\b")


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
        return list(islice(self.lines, HEADER_WITHIN))


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


def read_sheet(content: bytes, columns: Sequence[Column]) -> Sheet:
    """The one sheet of the file whose header fits, as rows; raises `sheets.*` with a Chinese sentence."""
    sheet = find_sheet(open_tables(content), columns)
    return replace(sheet, rows=list(sheet.rows))


# Opening


def check_name(name: str, content: bytes) -> None:
    """Refuse a file that is named as something else than it begins like; what it really is the reader finds out."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in _BEGIN_OF:
        raise BusinessError("sheets.name", "文件名应以 .xlsx 或 .csv 结尾，请另存为 xlsx 后上传。")
    # A csv begins like none of the others.
    is_named_rightly = content.startswith(_BEGIN_OF[suffix]) if suffix != ".csv" else not content.startswith(_BEGINS)
    if not is_named_rightly:
        raise BusinessError(
            "sheets.name", f"文件名以 {suffix} 结尾，内容却不是这种文件；请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
        )


def open_tables(content: bytes) -> list[Table]:
    """The sheets of a workbook, or a csv as the only one."""
    if not content.strip(b"\0 \t\r\n"):
        raise BusinessError("sheets.empty", "文件是空的，请检查后重新上传。")
    if len(content) > MAX_BYTES:
        raise BusinessError("sheets.too_large", f"文件超过 {MAX_BYTES // 1024 // 1024} MB，请拆分后上传。")
    if content.startswith(_COMPOUND):
        _refuse_compound_file(content)
    if content.startswith(_PACKAGE):
        return _open_workbook(content)
    return [Table("", _csv_lines(content))]


def _refuse_compound_file(content: bytes) -> None:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise BusinessError("sheets.encrypted", "文件有打开密码，请取消密码后重新上传。")
    raise BusinessError("sheets.xls", "这是旧式 xls 文件，请用 Excel 或 WPS 另存为 xlsx 后上传。")


def _open_workbook(content: bytes) -> list[Table]:
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
        raise _unreadable() from None
    except BaseException as error:
        # A panic of the parser is not an Exception; it must not end the process either.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable() from None


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
        raise _unreadable() from None
    if longest * filled > MAX_TEXT:
        raise BusinessError("sheets.too_large", "有单元格的文字过长，请检查表格后重新上传。")


def _measure(package: zipfile.ZipFile) -> tuple[int, int]:
    """Bytes of the longest shared string and number of filled cells; unpacks every part, so sizes cannot lie."""
    members = package.infolist()
    names = {member.filename.lower() for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise BusinessError("sheets.encrypted", "文件有密码，请取消密码后重新上传。")
    if "xl/workbook.xml" not in names:
        raise BusinessError("sheets.not_a_workbook", "这个压缩文件不是 xlsx 工作簿，请另存为 xlsx 后上传。")
    if len(members) > MAX_MEMBERS:
        raise _too_much()
    rest = MAX_UNPACKED
    longest = filled = 0
    for member in members:
        with package.open(member) as file:
            part = file.read(rest + 1)
        rest -= len(part)
        if rest < 0:
            raise _too_much()
        if member.filename.lower().endswith("sharedstrings.xml"):
            longest = max(longest, _longest_string(part))
        elif member.filename.lower().endswith(".xml"):
            filled += _check_area(part)
    return longest, filled


def _check_area(part: bytes) -> int:
    """The number of filled cells of a worksheet's XML; raises where the rectangle they span is absurd."""
    if b"\0" in part[:64]:
        raise _unreadable()
    last_row = last_column = filled = 0
    for match in _CELL.finditer(part):
        if match[1].endswith(b"/"):
            continue
        filled += 1
        references = _REFERENCE.findall(match[1])
        if not references:
            # Excel and WPS always say where a cell stands; without that its place cannot be bounded.
            raise _unreadable()
        for letters, digits in references:
            last_row = max(last_row, int(digits))
            last_column = max(last_column, _column_number(letters))
    if last_row * last_column > MAX_AREA or last_row > MAX_ROWS + HEADER_WITHIN:
        raise _too_much()
    return filled


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _longest_string(part: bytes) -> int:
    starts = [match.start() for match in _SHARED_STRING.finditer(part)]
    return max((after - before for before, after in zip(starts, [*starts[1:], len(part)], strict=True)), default=0)


def _unreadable() -> BusinessError:
    return BusinessError(
        "sheets.unreadable", "文件损坏或不是表格，无法读取；请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
    )


def _too_much() -> BusinessError:
    return BusinessError(
        "sheets.too_large",
        f"表格过大：最多 {MAX_ROWS} 行、{MAX_COLUMNS} 列。请删除数据以外的内容（含远处的零散单元格）后另存再上传。",
    )


# Text


def _check_text(content: bytes) -> tuple[str, str]:
    """The encoding (by BOM, then strict UTF-8, then GB18030; nothing is replaced), and the beginning of the text."""
    start = content[:512].lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")):
        raise BusinessError("sheets.html", "这是网页格式的文件，并非真正的表格；请用 Excel 打开后另存为 xlsx 再上传。")
    encoding, text = _decoded(content)
    if "\0" in text:
        raise _unreadable()
    return encoding, text[:50_000]


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, (encoding,))
    return _strictly(content, ("utf-8", "gb18030"))


def _strictly(content: bytes, encodings: Iterable[str]) -> tuple[str, str]:
    for encoding in encodings:
        try:
            return encoding, content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BusinessError("sheets.encoding", "文字编码无法识别（应为 UTF-8 或 GB18030），请另存为 xlsx 后上传。")


def _csv_lines(content: bytes) -> _Csv:
    """The lines of a csv, after a first reading that keeps nothing: a broken file is told before a wrong header."""
    encoding, beginning = _check_text(content)
    lines = _Csv(content, encoding, _delimiter(beginning))
    deque(lines.values(), maxlen=0)
    return lines


@dataclass(frozen=True, slots=True)
class _Csv:
    """The lines of a csv."""

    content: bytes
    encoding: str
    delimiter: str

    def __iter__(self) -> Iterator[Line]:
        for line, values in self.values():
            yield line, [Cell(value) for value in values]

    def values(self) -> Iterator[tuple[int, list[str]]]:
        text = io.TextIOWrapper(io.BytesIO(self.content), self.encoding, newline="")
        # Strict: an unclosed quotation mark would swallow the rest of the file in silence.
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        line, width = 1, 0
        try:
            for values in reader:
                if line > MAX_ROWS + HEADER_WITHIN or len(values) > MAX_COLUMNS:
                    raise _too_much()
                width = max(width, len(values))
                if reader.line_num > line and any(_holds_rows(value, self.delimiter, width) for value in values):
                    raise BusinessError(
                        "sheets.quotes", f"第 {line} 行起引号不配对，后面的行会被当成一个单元格，请改正。"
                    )
                yield line, values
                line = reader.line_num + 1
        except csv.Error:
            raise BusinessError(
                "sheets.quotes", f"第 {line} 行起引号不配对或单元格过长，请改正或另存为 xlsx。"
            ) from None


def _holds_rows(value: str, delimiter: str, width: int) -> bool:
    """Whether a quoted cell swallowed whole lines of the table."""
    return "\n" in value and width > 2 and any(line.count(delimiter) >= width - 1 for line in value.splitlines())


def _delimiter(text: str) -> str:
    """The separator that stands most often in the first lines, outside quotation marks."""
    beginning = _QUOTED.sub("", "\n".join(text.splitlines()[:HEADER_WITHIN]))
    return max(",\t;", key=beginning.count)


# The header


def find_sheet(tables: Sequence[Table], columns: Sequence[Column]) -> Sheet:
    """The one table whose header fits, its rows to be gone through once."""
    headers = [(table, header) for table in tables if (header := _find_header(table, columns)) is not None]
    if not headers:
        raise BusinessError(
            "sheets.no_header",
            f"前 {HEADER_WITHIN} 行里没有找到表头，表头应含有："
            f"{_spell(column for column in columns if column.required)}。",
        )
    fitting = [(table, header) for table, header in headers if not _missing(header, columns)]
    if not fitting:
        best = max(headers, key=lambda found: len(found[1].places))[1]
        raise BusinessError(
            "sheets.column_missing",
            f"第 {best.line} 行的表头缺少必需的列：{_spell(_missing(best, columns))}；"
            "请补上该列，或把列名改成括号里的一种。",
        )
    filled = [(table, header, rows) for table, header in fitting if (rows := _rows_if_any(table, header)) is not None]
    if not filled:
        raise BusinessError("sheets.empty", "表格只有表头，没有数据行；空文件不会使任何人退出，请检查后重新上传。")
    if len(filled) > 1:
        names = "、".join(table.name for table, _, _ in filled)
        raise BusinessError("sheets.several", f"有几张工作表都含有数据（{names}），无法判断以哪张为准，请只保留一张。")
    table, header, rows = filled[0]
    if header.doubled:
        deque(rows, maxlen=0)
        raise BusinessError(
            "sheets.duplicate_column", f"表头中“{'、'.join(header.doubled)}”出现了不止一次，请只保留一列。"
        )
    return Sheet(
        name=table.name,
        header_line=header.line,
        columns={name: header.texts[place] for name, place in header.places.items()},
        rows=rows,
        unread=tuple(text for place, text in enumerate(header.texts) if text and place not in header.places.values()),
        skipped=tuple(other.name for other in tables if other is not table and (other.hidden or other.head)),
    )


@dataclass(frozen=True, slots=True)
class _Header:
    line: int
    places: dict[str, int]
    texts: tuple[str, ...]
    doubled: tuple[str, ...]


def normalize_header(text: str) -> str:
    """A header as it is compared: compatible forms folded, spaces, stars, colons and quotation marks dropped."""
    return _HEADER_NOISE.sub("", _BLANK.sub("", unicodedata.normalize("NFKC", text))).lower()


def _find_header(table: Table, columns: Sequence[Column]) -> _Header | None:
    """The line (or two merged lines) that names most columns; None where no required column is named."""
    lines = table.head
    single = [_read_header(number, [cell.text for cell in cells], columns) for number, cells in lines]
    merged = [
        _read_header(below, _under(upper, lower, columns), columns) for (_, upper), (below, lower) in pairwise(lines)
    ]
    # The first of those that name most: one line before two.
    best = max([*single, *merged], key=lambda header: len(header.places), default=None)
    required = {column.name for column in columns if column.required}
    return best if best is not None and (required & best.places.keys() if required else best.places) else None


def _under(upper: Sequence[Cell], lower: Sequence[Cell], columns: Sequence[Column]) -> list[str]:
    """Two header lines as one: what the lower one names counts, else what stands above it."""
    known = {normalize_header(alias) for column in columns for alias in column.aliases}
    return [
        down.text if normalize_header(down.text) in known else up.text
        for up, down in zip_longest(upper, lower, fillvalue=BLANK)
    ]


def _read_header(line: int, texts: Sequence[str], columns: Sequence[Column]) -> _Header:
    names = [normalize_header(text) for text in texts]
    # "身份证号（必填）" is 身份证号, but 镇（街） is a name with brackets: the full text goes first.
    bare = [_REMARK.sub("", name) for name in names]
    places: dict[str, int] = {}
    doubled: list[str] = []
    for column in columns:
        for alias in map(normalize_header, column.aliases):
            found = [place for place in range(len(names)) if alias in (names[place], bare[place])]
            if found:
                places[column.name] = found[0]
                doubled += [texts[found[0]].strip()] if len(found) > 1 else []
                break
    return _Header(line, places, tuple(" ".join(text.split()) for text in texts), tuple(doubled))


def _missing(header: _Header, columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.required and column.name not in header.places]


def _spell(columns: Iterable[Column]) -> str:
    return "；".join(f"{column.aliases[0]}（可写作 {'、'.join(column.aliases)}）" for column in columns)


def _rows_if_any(table: Table, header: _Header) -> Iterator[Row] | None:
    rows = _data_rows(table, header)
    first = next(rows, None)
    return None if first is None else chain([first], rows)


def _data_rows(table: Table, header: _Header) -> Iterator[Row]:
    titles = {name: normalize_header(header.texts[place]) for name, place in header.places.items()}
    places, width, is_csv = tuple(header.places.items()), len(header.texts), not table.name
    for line, cells in table.lines:
        if line <= header.line:
            continue
        first = next((cell.text.strip() for cell in cells if not cell.is_blank), None)
        if first is None:
            continue
        if is_csv and len(cells) > width and any(not cell.is_blank for cell in cells[width:]):
            raise BusinessError(
                "sheets.too_many_cells", f"第 {line} 行的单元格比表头多，可能有未加引号的分隔符，请改正。"
            )
        found = {name: cells[place] if place < len(cells) else BLANK for name, place in places}
        # Printed lists repeat the header on every page.
        if all(_says(found[name].text, title) for name, title in titles.items()):
            continue
        yield Row(line, found, first)


def _says(text: str, title: str) -> bool:
    # Plain ASCII stays so when it is normalized, and most cells that are asked are ID numbers.
    return (title.isascii() or not text.isascii()) and normalize_header(text) == title

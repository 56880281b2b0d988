"""The one table whose header fits, and its rows."""

from __future__ import annotations

import re
import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise, zip_longest

from bureau.kernel.errors import BusinessError
from bureau.kernel.sheets import limits
from bureau.kernel.sheets.tables import BLANK, BLANK_SIGNS, Cell, Column, Row, Sheet, Table

_HEADER_NOISE = re.compile(r"[\s*:：_'\"“”]+")
_REMARK = re.compile(r"\([^()]*\)$")


def find_sheet(tables: Sequence[Table], columns: Sequence[Column]) -> Sheet:
    """The one table whose header fits, its rows to be gone through once."""
    headers = [(table, header) for table in tables if (header := _find_header(table, columns)) is not None]
    if not headers:
        raise BusinessError(
            "sheets.no_header",
            f"前 {limits.HEADER_WITHIN} 行里没有找到表头，表头应含有："
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
    return _HEADER_NOISE.sub("", BLANK_SIGNS.sub("", unicodedata.normalize("NFKC", text))).lower()


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

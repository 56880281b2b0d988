"""A csv: its encoding and separator, strictly; an unclosed quotation mark is told and swallows nothing."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bureau.kernel.errors import BusinessError
from bureau.kernel.sheets import limits
from bureau.kernel.sheets.tables import Cell, Line

_QUOTED = re.compile(r'"[^"]*"')
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def csv_lines(content: bytes) -> _Csv:
    """The lines of a csv, after a first reading that keeps nothing: a broken file is told before a wrong header."""
    encoding, beginning = _check_text(content)
    lines = _Csv(content, encoding, _delimiter(beginning))
    deque(lines.values(), maxlen=0)
    return lines


def _check_text(content: bytes) -> tuple[str, str]:
    """The encoding (by BOM, then strict UTF-8, then GB18030; nothing is replaced), and the beginning of the text."""
    start = content[:512].lstrip().lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<?xml", b"mime-version")):
        raise BusinessError("sheets.html", "这是网页格式的文件，并非真正的表格；请用 Excel 打开后另存为 xlsx 再上传。")
    encoding, text = _decoded(content)
    if "\0" in text:
        raise limits.unreadable()
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
                if line > limits.MAX_ROWS + limits.HEADER_WITHIN or len(values) > limits.MAX_COLUMNS:
                    raise limits.too_much()
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
    beginning = _QUOTED.sub("", "\n".join(text.splitlines()[: limits.HEADER_WITHIN]))
    return max(",\t;", key=beginning.count)

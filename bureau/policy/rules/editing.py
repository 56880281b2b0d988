"""The literals of a document, and its text with others in their places: every other byte stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bureau.policy.rules import phrasing, reading, source
from bureau.policy.rules.documents import Row
from bureau.policy.rules.faults import Place, fail

# What a literal may be written with: nothing that YAML could read as anything but one plain word.
_LITERAL = re.compile(r"[0-9A-Za-z_.%×+\-−/|个月年日万元点]{1,60}")
# The names of inputs begin so.
INPUT = "at-"
_PARTS = ("上限", "比例")


@dataclass(frozen=True, slots=True)
class Literal:
    """One input: where it stands in the text, what is written there, and which part of its value it is."""

    start: int
    end: int
    text: str
    part: str = ""

    @property
    def name(self) -> str:
        """The name of its input; the place is unique within a text."""
        return f"{INPUT}{self.start}"


@dataclass(frozen=True, slots=True)
class Editable:
    """A value of a document with its inputs; `kind` says whether it is a value, a change of one, or a bound."""

    kind: str
    row: Row
    labels: str
    days: str
    literals: tuple[Literal, ...]


def editables(file: str, text: str) -> list[Editable]:
    """The values of one document in the order of the text; raises `PackError` where it cannot be read."""
    pack = reading.parse(source.read(file, text))
    kinds = [("修改" if row.modifier else "取值", row) for row in pack.rows]
    kinds += [("下限" if bound.floor else "上限", bound.row) for bound in pack.bounds]
    found = [
        Editable(
            kind,
            row,
            phrasing.cells(row.labels),
            phrasing.days(row.valid_from, row.valid_until),
            tuple(_literals(row, text)),
        )
        for kind, row in kinds
        if row.spans
    ]
    return sorted(found, key=lambda editable: editable.literals[0].start)


def _literals(row: Row, text: str) -> Iterator[Literal]:
    for number, (start, end) in enumerate(row.spans):
        band, part = divmod(number, len(_PARTS))
        said = f"第 {band + 1} 段{_PARTS[part]}" if len(row.spans) > 1 else ""
        yield Literal(start, end, text[start:end].strip("'\""), said)


def replaced(file: str, text: str, typed: Mapping[str, str]) -> str:
    """The text with what was typed (by name of the input) in place of the literals; raises `PackError` for bad ones."""
    changed = [
        (literal, typed[literal.name].strip(), editable.row.place)
        for editable in editables(file, text)
        for literal in editable.literals
        if literal.name in typed and typed[literal.name].strip() != literal.text
    ]
    for literal, word, place in sorted(changed, key=lambda item: item[0].start, reverse=True):
        _check_word(word, Place(file, place.line))
        text = text[: literal.start] + word + text[literal.end :]
    return text


def _check_word(word: str, place: Place) -> None:
    if not _LITERAL.fullmatch(word):
        raise fail("policy.unit", place, f"“{word}”不是一个取值，请写成如 200元、50%、+5点、none。")

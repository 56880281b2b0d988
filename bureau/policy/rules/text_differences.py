"""Which documents differ between two sets of files, which clauses, and the lines themselves."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bureau.policy.rules import reading, source
from bureau.policy.rules.documents import Document
from bureau.policy.rules.faults import PackError

_CONTEXT = 3
_KINDS = {"+": "added", "-": "removed", "@": "gap"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the difference: `added`, `removed`, `same`, or the `gap` between two places."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """A document that is new, gone or written differently; `clauses` says which of its clauses, in words."""

    name: str
    title: str
    kind: str
    clauses: tuple[str, ...]
    lines: tuple[Line, ...]
    key: str


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FileChange]:
    """By file name."""
    return [
        _change(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _change(name: str, was: str | None, becomes: str | None) -> FileChange:
    old, new = document_of(name, was), document_of(name, becomes)
    known = new or old
    return FileChange(
        name=name,
        title=known.title if known else name,
        kind="新增" if was is None else "删除" if becomes is None else "改动",
        clauses=tuple(_clauses(old, new)),
        lines=tuple(lines(was or "", becomes or "")),
        key=hashlib.sha256(repr((name, was, becomes)).encode()).hexdigest()[:24],
    )


def document_of(name: str, text: str | None) -> Document | None:
    """The document of a file, where it can be read."""
    if text is None:
        return None
    try:
        return reading.parse(source.read(name, text)).document
    except PackError:
        return None


def _clauses(old: Document | None, new: Document | None) -> Iterator[str]:
    was = old.clauses if old else {}
    becomes = new.clauses if new else {}
    for key in dict.fromkeys((*was, *becomes)):
        one, other = was.get(key), becomes.get(key)
        if one is None and other is not None:
            yield f"新增 {other.at}：{other.says}"
        elif other is None and one is not None:
            yield f"删除 {one.at}：{one.says}"
        elif one and other and (one.at, one.says, one.quote) != (other.at, other.says, other.quote):
            yield f"改动 {other.at}：{other.says}"


def lines(was: str, becomes: str) -> Iterator[Line]:
    """The changed lines with some around them."""
    diff = difflib.unified_diff(was.splitlines(), becomes.splitlines(), n=_CONTEXT, lineterm="")
    for number, line in enumerate(diff):
        # The first two lines name files and the third says where it begins, which the page does better.
        if number > 2:
            kind = _KINDS.get(line[:1], "same")
            yield Line(kind, "⋯" if kind == "gap" else line[1:])

"""A scenario's changes as one more pack document of modifiers, after the bytes of a release: strict like every pack.

Each change stands on a line of its own, so that a fault of the packs finds the field in which it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import BASIS_POINTS, format_ratio, format_yuan
from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme
from bureau.policy.rules import layout, literals, packs
from bureau.policy.rules.documents import Row
from bureau.policy.rules.faults import PackError
from bureau.policy.rules.mechanisms import CITY
from bureau.policy.rules.rulebook import Rulebook, literal_text
from bureau.policy.rules.vocabulary import CHANGEABLE
from bureau.policy.terms import Relation, Unit

FILE = "zz-scenario.yaml"
# Lines of the document before the first modifier; see `_text`.
_HEAD = 3
_LABELS = {
    term.value: term.label
    for vocabulary in (Scheme, Employment, ReliefCategory, Care, Level, Relation)
    for term in vocabulary
} | {"yes": "是", "no": "否", "0": "没有慢性病", "1": "一种病", "2+": "两种病以上"}


@dataclass(frozen=True, slots=True)
class Change:
    """One change: which mechanism, on which cells, from which day, by which modifier literal."""

    changes: str
    labels: Mapping[str, Sequence[str]]
    since: date
    value: str
    title: str = ""

    def to_json(self) -> dict[str, Any]:
        """As a scenario stores it."""
        labels = {key: list(values) for key, values in self.labels.items()}
        return {
            "changes": self.changes,
            "labels": labels,
            "since": self.since.isoformat(),
            "value": self.value,
            "title": self.title,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Change:
        """What `to_json` gave."""
        since = date.fromisoformat(kept["since"])
        return cls(kept["changes"], kept["labels"], since, kept["value"], kept["title"])


@dataclass(frozen=True, slots=True)
class Field:
    """A row of a law that a scenario may change: what it says now, and how the input names it."""

    number: int
    row: Row
    text: str

    @property
    def name(self) -> str:
        return f"v{self.number}"

    @property
    def title(self) -> str:
        return f"{self.row.mechanism.title}（{self.row.name}）"


@dataclass(slots=True)
class Composed:
    """The changes that were typed, and what is wrong with each, by field."""

    changes: list[Change] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


def fields(rulebook: Rulebook, day: date, search: str = "") -> list[Field]:
    """The rows in force on a day that a scenario may change, those that hold the searched words."""
    words = search.casefold().split()
    found = []
    for number, row in enumerate(rulebook.rows):
        is_value = row.modifier is None and row.mechanism.key in CHANGEABLE and row.mechanism.unit is not Unit.POOL
        if not (is_value and row.mechanism.table != CITY and row.in_force(day)):
            continue
        said = f"{row.name} {row.mechanism.title} {labels_text(row.labels)} {row.clause.at} {row.clause.says}"
        if all(word in said.casefold() for word in words):
            found.append(Field(number, row, literal_text(row)))
    return found


def labels_text(labels: Mapping[str, Sequence[str]]) -> str:
    """The cells in Chinese."""
    return "，".join("、".join(_LABELS.get(label, label) for label in values) for values in labels.values())


def compose(blob: bytes, rulebook: Rulebook, typed: Mapping[str, str], day: date, name: str) -> Composed:
    """What was typed into the fields as changes, compiled with the law; faults stand at their field."""
    composed = Composed()
    names: list[str] = []
    for number, row in enumerate(rulebook.rows):
        text = typed.get(f"v{number}", "").strip()
        if not text:
            continue
        try:
            since = max(row.valid_from, day)
            value = _modifier_of(row, text)
            composed.changes.append(Change(row.mechanism.key, row.labels, since, value, row.name))
            names.append(f"v{number}")
        except BusinessError as error:
            composed.faults[f"v{number}"] = error.message
    if composed.faults or not composed.changes:
        return composed
    try:
        composed.content = changed(blob, composed.changes, name)
    except PackError as error:
        for fault in error.faults:
            at = fault.place.line - _HEAD - 1
            is_ours = fault.place.file.endswith(FILE) and 0 <= at < len(names)
            composed.faults[names[at] if is_ours else ""] = fault.message
    return composed


def changed(blob: bytes, changes: Sequence[Change], name: str) -> bytes:
    """The bytes of a law with the changes as one more document; raises `PackError` where they do not compile."""
    content = json.loads(blob)
    files = {**dict(content["files"]), FILE: _text(changes, name)}
    bundle = packs.bundle(content["city"], files)
    packs.load_bytes(bundle)
    return bundle


def _text(changes: Sequence[Change], name: str) -> str:
    document = {
        "id": "scenario",
        "title": f"测算方案：{name}",
        "in_force": {"from": f"{min(change.since for change in changes)}"},
    }
    clauses = {
        f"c{number}": {"at": f"测算方案·第 {number} 条", "says": f"{change.title} 改动 {change.value}"}
        for number, change in enumerate(changes, start=1)
    }
    lines = [f"document: {_flow(document)}", f"clauses: {_flow(clauses)}", "modifiers:"]
    for number, change in enumerate(changes, start=1):
        modifier = {
            "name": f"scenario.c{number}",
            "changes": change.changes,
            "clause": f"c{number}",
            "for": {key: list(labels) for key, labels in change.labels.items()},
            "from": f"{change.since}",
            "value": change.value,
        }
        lines.append(f"- {_flow(modifier)}")
    return "\n".join(lines) + "\n"


def _flow(value: object) -> str:
    """JSON, which YAML reads as it stands."""
    return json.dumps(value, ensure_ascii=False)


def _modifier_of(row: Row, text: str) -> str:
    """A typed modifier (`+5点`, `×50%`, `none`) as it is; a typed new value as its distance from the present one."""
    unit = row.mechanism.unit
    if unit is Unit.RATIO and isinstance(row.value, int) and (new := literals.ratio(_percent(text))) is not None:
        return _points(new - row.value)
    if unit is Unit.MONEY and isinstance(row.value, int) and (fen := literals.money(_yuan(text))) is not None:
        if row.value == layout.UNLIMITED:
            raise BusinessError("simulation.no_limit_now", "现在不设限，不能改成一个数；请先在政策草稿中写明。")
        return _yuan_change(fen - row.value)
    return text


def _percent(text: str) -> str:
    return f"{text}%" if text.replace(".", "", 1).isdigit() else text


def _yuan(text: str) -> str:
    return f"{text}元" if text.replace(".", "", 1).isdigit() else text


def _points(change: int) -> str:
    if change == 0:
        raise BusinessError("simulation.no_change", "与现值相同，没有改动。")
    if abs(change) >= BASIS_POINTS:
        raise BusinessError("simulation.too_far", "一次改动要小于 100 个点。")
    return f"{'+' if change > 0 else '-'}{format_ratio(abs(change)).rstrip('%')}点"


def _yuan_change(change: int) -> str:
    if change == 0:
        raise BusinessError("simulation.no_change", "与现值相同，没有改动。")
    return f"{'+' if change > 0 else '-'}{format_yuan(abs(change))}元"

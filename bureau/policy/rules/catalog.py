"""The law as a book to look things up in: each parameter with its values over time, each clause, a search. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import cached_property, lru_cache

from bureau.policy.rules import phrasing
from bureau.policy.rules.documents import Clause, Document, Row
from bureau.policy.rules.mechanisms import CITY, Mechanism
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.rules.vocabulary import MECHANISMS
from bureau.policy.terms import Unit

_BASIC = "基本医保待遇"
_CHANGES = "待遇调整"
_POOLS = "累计池"
# The first part of a name says which chapter a parameter stands in; what is not here is a basic benefit.
_CHAPTERS = {
    "pooled": _BASIC,
    "major_illness": "大病保险",
    "relief": "医疗救助",
    "contribution": "缴费与筹资",
    "funding": "缴费与筹资",
    "premium": "资助参保",
    "account": "个人账户",
    "waiting": "等待期",
    "settlement": "结算",
}
CHAPTERS = tuple(dict.fromkeys([_BASIC, _CHANGES, *_CHAPTERS.values(), _POOLS]))


class State(Enum):
    """Whether a value holds on the day one looks at: a code for its tone and a word."""

    PAST = ("ended", "已失效")
    PRESENT = ("in_force", "现行")
    FUTURE = ("not_yet", "未生效")

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def label(self) -> str:
        return self.value[1]


def state_of(row: Row, day: date) -> State:
    """Past, present or future."""
    if row.valid_from > day:
        return State.FUTURE
    return State.PRESENT if row.in_force(day) else State.PAST


@dataclass(frozen=True)
class Entry:
    """One name of the law: a parameter with all its values, or a named change of another parameter."""

    name: str
    title: str
    chapter: str
    mechanism: Mechanism
    rows: tuple[Row, ...]
    text: str

    @property
    def is_change(self) -> bool:
        return self.rows[0].modifier is not None

    @property
    def is_read_by_name(self) -> bool:
        return self.mechanism.table == CITY

    def on(self, day: date) -> list[Row]:
        """The values that hold on the day."""
        return [row for row in self.rows if row.in_force(day)]


@dataclass(frozen=True)
class Passage:
    """One clause of one document, with the values that stand under it."""

    document: Document
    clause: Clause
    rows: tuple[Row, ...]
    text: str


@dataclass(frozen=True)
class Catalog:
    """Everything that one release says, by name and by place."""

    entries: tuple[Entry, ...]
    passages: tuple[Passage, ...]

    @cached_property
    def by_name(self) -> dict[str, Entry]:
        return {entry.name: entry for entry in self.entries}


@lru_cache(maxsize=8)
def catalog(rulebook: Rulebook) -> Catalog:
    """The catalog of a rulebook, made once per process."""
    by_name: dict[str, list[Row]] = {}
    by_clause: dict[tuple[str, str], list[Row]] = {}
    for row in rulebook.rows:
        by_name.setdefault(row.name, []).append(row)
        by_clause.setdefault((row.document.id, row.clause.key), []).append(row)
    entries = [_entry(rulebook, name, rows) for name, rows in by_name.items()]
    passages = [
        _passage(document, clause, by_clause.get((document.id, clause.key), ()))
        for document in rulebook.documents
        for clause in document.clauses.values()
    ]
    return Catalog(tuple(sorted(entries, key=_order)), tuple(passages))


def entries_about(found: Catalog, text: str) -> list[Entry]:
    """The entries in which every word of the search stands; all of them for no words."""
    return [entry for entry in found.entries if _holds(entry.text, text)]


def passages_about(found: Catalog, text: str) -> list[Passage]:
    """The clauses in which every word of the search stands."""
    return [passage for passage in found.passages if _holds(passage.text, text)]


def _holds(text: str, words: str) -> bool:
    return all(word in text for word in words.casefold().split())


def _order(entry: Entry) -> tuple[int, int, str]:
    """Chapter by chapter, within one as the vocabulary has it."""
    known = list(MECHANISMS)
    return CHAPTERS.index(entry.chapter), known.index(entry.name) if entry.name in known else len(known), entry.name


def _entry(rulebook: Rulebook, name: str, rows: Sequence[Row]) -> Entry:
    first = rows[0]
    title = phrasing.title_of(first)
    said = [name, title]
    for row in rows:
        said += [phrasing.cells(row.labels, rulebook.areas), phrasing.value_of(row), *_of_document(row.document)]
        said += _of_clause(row.clause)
    return Entry(name, title, _chapter(first), first.mechanism, tuple(rows), " ".join(said).casefold())


def _passage(document: Document, clause: Clause, rows: Iterable[Row]) -> Passage:
    rows = tuple(rows)
    said = [*_of_document(document), *_of_clause(clause), *(row.name for row in rows)]
    return Passage(document, clause, rows, " ".join(said).casefold())


def _of_document(document: Document) -> tuple[str, ...]:
    return document.id, document.title, document.number, *document.requirements


def _of_clause(clause: Clause) -> tuple[str, ...]:
    return clause.at, clause.says, clause.quote


def _chapter(row: Row) -> str:
    if row.modifier is not None:
        return _CHANGES
    if row.mechanism.unit is Unit.POOL:
        return _POOLS
    return _CHAPTERS.get(row.name.partition(".")[0], _BASIC)


@dataclass(frozen=True, slots=True)
class Said:
    """A row as a screen shows it on a day."""

    row: Row
    title: str
    cells: str
    value: str
    state: State


def said(rulebook: Rulebook, rows: Iterable[Row], day: date) -> list[Said]:
    """Rows in words: what holds now first, then what will, then what did."""
    order = (State.PRESENT, State.FUTURE, State.PAST)
    found = [
        Said(
            row,
            phrasing.title_of(row),
            phrasing.cells(row.labels, rulebook.areas),
            phrasing.value_of(row),
            state_of(row, day),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (order.index(one.state), one.row.valid_from))


def changes_of(rulebook: Rulebook, entry: Entry) -> list[Row]:
    """The modifiers of other documents that can change a value of this entry."""
    return [
        row
        for row in rulebook.rows
        if row.modifier is not None
        and not entry.is_change
        and row.mechanism.key == entry.mechanism.key
        and any(row.meets(other) for other in entry.rows)
    ]


def demands_on(rulebook: Rulebook, entry: Entry) -> list[tuple[str, Row]]:
    """What documents demand of the values of this entry: floors, ceilings, gradients."""
    bounds = [(bound.kind, bound.row) for bound in rulebook.bounds]
    gradients = [("梯度", gradient.row) for gradient in rulebook.gradients]
    key = entry.mechanism.key
    return [(kind, row) for kind, row in (*bounds, *gradients) if row.mechanism.key == key]

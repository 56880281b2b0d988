"""One policy document as its pack writes it: what it is, its clauses, the values and modifiers under them, examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from bureau.policy.rules import literals
from bureau.policy.rules.faults import Place
from bureau.policy.rules.mechanisms import Mechanism

Value: TypeAlias = int | str | tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a document says it, and what it says in our own words; `quote` is the document's own."""

    key: str
    at: str
    says: str
    quote: str
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """A policy document."""

    id: str
    title: str
    number: str
    valid_from: date
    valid_until: date | None
    requirements: tuple[str, ...]
    applies: Mapping[str, tuple[str, ...]]
    clauses: Mapping[str, Clause]
    place: Place
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One value (or modifier) on the cells that `labels` name, from `valid_from` until before `valid_until`.

    `spans` are the places of its literals in the text of the file, for whoever changes one: two for each band.
    """

    name: str
    mechanism: Mechanism
    labels: Mapping[str, tuple[str, ...]]
    valid_from: date
    valid_until: date | None
    value: Value
    literal: str
    assumed: bool
    document: Document
    clause: Clause
    place: Place
    modifier: literals.Modifier | None = None
    spans: tuple[tuple[int, int], ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether the row holds on this day."""
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def meets(self, other: Row) -> bool:
        """Whether two rows hold for the same people on some day."""
        apart = (other.valid_until is not None and other.valid_until <= self.valid_from) or (
            self.valid_until is not None and self.valid_until <= other.valid_from
        )
        shared = set(self.labels) & set(other.labels)
        return not apart and all(set(self.labels[key]) & set(other.labels[key]) for key in shared)


@dataclass(frozen=True, slots=True)
class Bound:
    """A value that others must not fall below (`floor`) or rise above (`ceiling`); `usually` only warns."""

    row: Row
    floor: bool
    usually: bool

    @property
    def kind(self) -> str:
        return ("一般" if self.usually else "") + ("不低于" if self.floor else "不高于")


@dataclass(frozen=True, slots=True)
class Gradient:
    """Along these labels of one dimension the values must not rise (WZ-23)."""

    row: Row
    along: str
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PoolArea:
    """A pooling area on certain days: the code prefixes that belong to it, the longest prefix winning."""

    name: str
    title: str
    prefixes: tuple[str, ...]
    valid_from: date
    valid_until: date | None
    document: Document
    clause: Clause
    place: Place


@dataclass(frozen=True, slots=True)
class CitySet:
    """Whose law this set is and on which days it is in force."""

    code: str
    name: str
    province: str
    valid_from: date
    valid_until: date | None
    place: Place


@dataclass(frozen=True, slots=True)
class ExampleClaim:
    """A claim of an example: facts as written, and the amounts it must come to."""

    facts: Mapping[str, str]
    expected: Mapping[str, int]
    place: Place


@dataclass(frozen=True, slots=True)
class Example:
    """A person-year with its result to the fen."""

    title: str
    person: Mapping[str, str]
    claims: tuple[ExampleClaim, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class RuleExample:
    """What a parameter is on a day for these labels; with `of` and `gives` (fen), what it makes of an amount."""

    title: str
    name: str
    on: date
    labels: Mapping[str, str]
    value: Value
    literal: str
    of: int | None
    gives: int | None
    place: Place


@dataclass(slots=True)
class Pack:
    """All that one file says."""

    document: Document
    city: CitySet | None = None
    areas: list[PoolArea] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)
    gradients: list[Gradient] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    rule_examples: list[RuleExample] = field(default_factory=list)

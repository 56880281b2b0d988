"""A city's law, compiled: tables for the kernel, their twins for explanations, single values for screens."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_ratio, format_yuan
from bureau.kernel.trace import Source
from bureau.policy.rules import layout, literals
from bureau.policy.rules.compiling import NO_CITATION, Compiled, Grid
from bureau.policy.rules.documents import Bound, Example, Gradient, Pack, Row, RuleExample
from bureau.policy.rules.literals import NONE
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.vocabulary import (
    AXES,
    BENEFIT_AXES,
    CARES,
    CHRONIC_COUNTS,
    DIMENSIONS,
    LEVELS,
    PERSONS,
    PROTECTION_AXES,
    RELATIONS,
    RELIEFS,
    YES_NO,
)
from bureau.policy.terms import Dimension, Unit

OTHER_PROVINCE = "other_province"


@dataclass(frozen=True, slots=True)
class Resolved:
    """One value on one day: the number (fen, basis points, 0/1, months, a year …), as text, and where it comes from.

    `words` are those of a value that is a choice from a vocabulary.
    """

    name: str
    value: int
    text: str
    document: str
    document_title: str
    at: str
    says: str
    valid_from: date
    assumed: bool
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offsets:
    """Where the facts of a claim lead in the two tables: add the offsets of its labels."""

    period: int
    pool: int
    person: Mapping[tuple[str, str], int]
    care: Mapping[str, int]
    level: Mapping[str, int]
    relation: Mapping[str, int]
    filing: Mapping[bool, int]
    signed: Mapping[bool, int]
    chronic: tuple[int, ...]
    protection_period: int
    protection_pool: int
    protection_person: Mapping[tuple[str, str], int]
    relief: Mapping[str, int]
    poor: Mapping[bool, int]


class Rulebook:
    """Everything that one release of a city's packs says. Made by `packs.load_city` and `packs.load_bytes`."""

    def __init__(self, city: str, blob: bytes, packs: Iterable[Pack], compiled: Compiled) -> None:
        self.city = city
        self.sha256 = hashlib.sha256(blob).hexdigest()
        packs = tuple(packs)
        self.documents = tuple(pack.document for pack in packs)
        self.examples: tuple[Example, ...] = tuple(example for pack in packs for example in pack.examples)
        self.rule_examples: tuple[RuleExample, ...] = tuple(one for pack in packs for one in pack.rule_examples)
        self.bounds: tuple[Bound, ...] = tuple(bound for pack in packs for bound in pack.bounds)
        self.gradients: tuple[Gradient, ...] = tuple(gradient for pack in packs for gradient in pack.gradients)
        self.city_set = compiled.city
        self.starts = tuple(compiled.starts)
        self.pools = tuple(compiled.pools)
        self.areas = tuple(compiled.areas)
        self.rows = tuple(compiled.rows)
        self.citations = tuple(compiled.citations)
        self.accumulators = tuple(name for _, name in compiled.accumulators)
        self.benefits: Grid = compiled.benefits
        self.benefits_cited: Grid = compiled.benefits_cited
        self.protections: Grid = compiled.protections
        self.protections_cited: Grid = compiled.protections_cited
        self.warnings = tuple(compiled.warnings)
        self._periods: dict[date, int] = {}
        self._pools_on: dict[tuple[int, str], str | None] = {}
        self._sources: dict[tuple[int, str], tuple[Source, ...]] = {}

    @property
    def slots(self) -> int:
        """How many accumulators a person-year has."""
        return layout.FIRST_POOL + len(self.accumulators)

    @cached_property
    def benefit_values(self) -> list[int]:
        """The table of benefits as one flat list of Python integers, for the uncompiled kernel."""
        values: list[int] = self.benefits.ravel().tolist()
        return values

    @cached_property
    def protection_values(self) -> list[int]:
        """The table of protections likewise."""
        values: list[int] = self.protections.ravel().tolist()
        return values

    def benefit_row(self, cell: int) -> list[int]:
        """One row of the table of benefits (columns of `layout`)."""
        row: list[int] = self.benefits[cell].tolist()
        return row

    def protection_row(self, cell: int) -> list[int]:
        """One row of the table of protections."""
        row: list[int] = self.protections[cell].tolist()
        return row

    def period_of(self, day: date) -> int:
        """The number of the period in which a day lies; -1 where the set is not in force."""
        if day not in self._periods:
            until = self.city_set.valid_until
            outside = until is not None and day >= until
            self._periods[day] = -1 if outside else bisect_right(self.starts, day) - 1
        return self._periods[day]

    def pool_of(self, area: str, day: date) -> str | None:
        """The pooling area of an administrative area on a day; None outside the city."""
        return self.pool_in(area, self.period_of(day))

    def pool_in(self, area: str, period: int) -> str | None:
        """The pooling area in a period; the longest prefix wins."""
        key = (period, area)
        if key not in self._pools_on:
            self._pools_on[key] = self._find_pool(area, period) if period >= 0 else None
        return self._pools_on[key]

    def _find_pool(self, area: str, period: int) -> str | None:
        day = self.starts[period]
        found = [
            (len(prefix), pool.name)
            for pool in self.areas
            if pool.valid_from <= day and (pool.valid_until is None or day < pool.valid_until)
            for prefix in pool.prefixes
            if area.startswith(prefix)
        ]
        return max(found)[1] if found else None

    @cached_property
    def offsets(self) -> Offsets:
        """The strides of both tables, by label."""
        sizes = {"period": len(self.starts), "pool": len(self.pools), **AXES}
        benefit, protection = _strides(BENEFIT_AXES, sizes), _strides(PROTECTION_AXES, sizes)
        yes_no = {False: YES_NO.index("no"), True: YES_NO.index("yes")}
        return Offsets(
            period=benefit["period"],
            pool=benefit["pool"],
            person={person: at * benefit["person"] for at, person in enumerate(PERSONS)},
            care={label: at * benefit["care"] for at, label in enumerate(CARES)},
            level={label: at * benefit["level"] for at, label in enumerate(LEVELS)},
            relation={label: at * benefit["relation"] for at, label in enumerate(RELATIONS)},
            filing={flag: at * benefit["filing"] for flag, at in yes_no.items()},
            signed={flag: at * benefit["signed"] for flag, at in yes_no.items()},
            chronic=tuple(at * benefit["chronic"] for at in range(len(CHRONIC_COUNTS))),
            protection_period=protection["period"],
            protection_pool=protection["pool"],
            protection_person={person: at * protection["person"] for at, person in enumerate(PERSONS)},
            relief={label: at * protection["relief"] for at, label in enumerate(RELIEFS)},
            poor={flag: at * protection["poor"] for flag, at in yes_no.items()},
        )

    def sources(self, citation: int, value: str) -> tuple[Source, ...]:
        """Where a value comes from: the parameter first, then whatever changed it."""
        if citation == NO_CITATION:
            return ()
        key = (citation, value)
        if key not in self._sources:
            base, *changes = (self.rows[row] for row in self.citations[citation])
            self._sources[key] = (
                replace(_source(base), value=value),
                *(replace(_source(change), role="change") for change in changes),
            )
        return self._sources[key]

    def clause_key(self, source: Source) -> str:
        """The key of the clause that a source cites: its address on the document's page."""
        return self._clause_keys.get((source.document, source.at, source.says), "")

    @cached_property
    def _clause_keys(self) -> dict[tuple[str, str, str], str]:
        clauses = ((document.id, clause) for document in self.documents for clause in document.clauses.values())
        return {(document, clause.at, clause.says): clause.key for document, clause in clauses}

    def parameter(self, name: str, on: date, **dims: str) -> Resolved:
        """The value that a parameter has on a day for these labels (`scheme="employee"`, …), modifiers not applied.

        A document may begin before the city's set does: its values can be read, but no claim be settled by them.
        """
        rows = [row for row in self.rows if row.name == name and row.modifier is None and row.in_force(on)]
        rows = [row for row in rows if all(_speaks_of(row, key, label) for key, label in dims.items())]
        if not rows and self.period_of(on) < 0:
            raise BusinessError("policy.not_in_force", f"{on} 没有生效的政策。")
        if not rows:
            raise BusinessError("policy.no_value", f"{on} 没有参数“{name}”的值{_shown(dims)}。")
        values = {str(row.value) for row in rows}
        if len(values) > 1:
            raise BusinessError(
                "policy.ambiguous", f"参数“{name}”在 {on} 有 {len(values)} 个值，请再指明维度{_shown(dims)}。"
            )
        return _resolved(rows[0])

    def assumed(self) -> list[Row]:
        """Every row whose number no document gives."""
        return [row for row in self.rows if row.assumed]

    def ending(self, on: date, days: int = 90) -> list[Row]:
        """Rows that end within so many days and are not taken up by another row of the same name."""
        last = on + timedelta(days=days)
        return [
            row
            for row in self.rows
            if row.valid_until is not None
            and on < row.valid_until <= last
            and not any(other.name == row.name and other.valid_from == row.valid_until for other in self.rows)
        ]


def value_text(mechanism: Mechanism, value: int) -> str:
    """A value as it stands in explanations: yuan with two decimals, a percentage, yes or no, none."""
    if mechanism.unit is Unit.MONEY:
        return "none" if value == layout.UNLIMITED else format_yuan(value)
    if mechanism.unit is Unit.RATIO:
        return "none" if value < 0 else format_ratio(value)
    return "yes" if value else "no"


_AS_NUMBERS = frozenset({Unit.MONEY, Unit.RATIO, Unit.FLAG})


def literal_text(row: Row) -> str:
    """A row's value in the same words; a modifier stays as written."""
    if (
        row.modifier is not None
        or row.literal == NONE
        or isinstance(row.value, str | tuple)
        or row.mechanism.unit not in _AS_NUMBERS
    ):
        return row.literal
    return value_text(row.mechanism, row.value)


def _strides(axes: tuple[str, ...], sizes: Mapping[str, int]) -> dict[str, int]:
    strides, stride = {}, 1
    for axis in reversed(axes):
        strides[axis] = stride
        stride *= sizes[axis]
    return strides


def _source(row: Row) -> Source:
    return Source(
        parameter=row.name,
        value=literal_text(row),
        document=row.document.id,
        document_title=row.document.title,
        at=row.clause.at,
        says=row.clause.says,
        valid_from=row.valid_from.isoformat(),
        assumed=row.assumed,
    )


def _speaks_of(row: Row, dimension: str, label: str) -> bool:
    if label == "" and dimension == Dimension.EMPLOYMENT:
        return dimension not in row.labels
    if dimension != Dimension.POOL and (dimension not in DIMENSIONS or label not in DIMENSIONS[dimension][1]):
        raise BusinessError("policy.unknown_label", f"没有维度“{dimension}”的取值“{label}”。")
    return dimension not in row.labels or label in row.labels[dimension]


def _shown(dims: Mapping[str, str]) -> str:
    return f"（{'，'.join(f'{key}={label}' for key, label in dims.items())}）" if dims else ""


def _resolved(row: Row) -> Resolved:
    if not isinstance(row.value, int):
        raise BusinessError("policy.not_a_number", f"参数“{row.name}”不是单个数值。")
    return Resolved(
        name=row.name,
        value=row.value,
        text=literal_text(row),
        document=row.document.id,
        document_title=row.document.title,
        at=row.clause.at,
        says=row.clause.says,
        valid_from=row.valid_from,
        assumed=row.assumed,
        words=literals.words_of(row.value, row.mechanism.words),
    )

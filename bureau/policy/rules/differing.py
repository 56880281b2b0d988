"""What a checker must open of a draft, cell by cell: who, from when, before → after, by which clause. Pure.

Both rulebooks' tables are laid over all days and pooling areas that either of them knows; cells that change in the
same way for the same reason become one `Change`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from bureau.policy.rules import cells, layout, phrasing
from bureau.policy.rules.compiling import NO_CITATION, Grid
from bureau.policy.rules.documents import Row
from bureau.policy.rules.mechanisms import BENEFIT, CITY, PROTECTION, Mechanism
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.rules.vocabulary import AXES, MECHANISMS, POOL_KINDS, axes_of
from bureau.policy.terms import Unit

# No period or pooling area there; far from any amount, ratio, pool or number of a set of bands.
_ABSENT = -(2**62)


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which cells change; `grounds` are the rows that give the new value, or gave the one that is gone."""

    title: str
    labels: str
    valid_from: date
    valid_until: date | None
    before: str
    after: str
    grounds: tuple[Row, ...]
    cells: int

    @property
    def key(self) -> str:
        """The same for the same change, whenever it is computed."""
        grounds = [(row.document.id, row.clause.key) for row in self.grounds]
        said = (self.title, self.labels, f"{self.valid_from}", f"{self.valid_until}", self.before, self.after, grounds)
        return hashlib.sha256(repr(said).encode()).hexdigest()[:24]

    @property
    def days(self) -> str:
        return phrasing.days(self.valid_from, self.valid_until)

    @property
    def is_assumed(self) -> bool:
        """Whether a value that no document gives stands behind it."""
        return any(row.assumed for row in self.grounds)


def changes(before: Rulebook | None, after: Rulebook) -> list[Change]:
    """All of them, in the order of the vocabulary, then by day; without a former law everything is new."""
    laws = _Laid(before, after)
    kernel = {(m.table, m.column): m for m in (*MECHANISMS.values(), *POOL_KINDS.values()) if m.table != CITY}
    found = [change for mechanism in kernel.values() for change in _changed_cells(laws, mechanism)]
    return found + sorted(_changed_rules(before, after), key=lambda change: (change.title, change.valid_from))


@dataclass(frozen=True, slots=True)
class _Values:
    """One mechanism of one law over the shared days and areas: numbers, citations, and which cells pay."""

    numbers: Grid
    cited: Grid
    covered: NDArray[np.bool_]


class _Laid:
    """Two laws over the same days and pooling areas."""

    def __init__(self, before: Rulebook | None, after: Rulebook) -> None:
        self.before, self.after = before, after
        both = [law for law in (before, after) if law is not None]
        self.days = sorted({day for law in both for day in law.starts})
        self.pools = list(dict.fromkeys(name for law in both for name in law.pools))
        named = {area.name: area.title for law in both for area in law.areas}
        self.titles = [named.get(name, name) for name in self.pools]
        self._bands: dict[tuple[int, ...], int] = {}
        self._accumulators: dict[str, int] = {}

    def until(self, at: int) -> date | None:
        """The day on which what holds on day number `at` ends."""
        return self.days[at + 1] if at + 1 < len(self.days) else None

    def values(self, law: Rulebook | None, mechanism: Mechanism) -> _Values:
        """Numbers that mean the same in both laws."""
        shape = (len(self.days), len(self.pools), *(AXES[axis] for axis in axes_of(mechanism)[2:]))
        if law is None:
            return _Values(
                np.full(shape, _ABSENT, np.int64), np.full(shape, NO_CITATION, np.int64), np.zeros(shape, np.bool_)
            )
        benefit = mechanism.table == BENEFIT
        table = law.benefits if benefit else law.protections
        cited = law.benefits_cited if benefit else law.protections_cited
        covered = table[:, layout.COVERED] == 1 if benefit else np.ones(len(table), np.bool_)
        return _Values(
            self._laid(law, shape, self._numbers(law, mechanism, table), _ABSENT),
            self._laid(law, shape, cited[:, mechanism.column], NO_CITATION),
            self._laid(law, shape, covered, 0).astype(np.bool_),
        )

    def _laid(self, law: Rulebook, shape: tuple[int, ...], column: NDArray[np.generic], absent: int) -> Grid:
        whole = np.full(shape, absent, np.int64)
        own = column.reshape(len(law.starts), len(law.pools), *shape[2:])
        for at, day in enumerate(self.days):
            period = law.period_of(day)
            for number, name in enumerate(self.pools):
                if period >= 0 and name in law.pools:
                    whole[at, number] = own[period, law.pools.index(name)]
        return whole

    def _numbers(self, law: Rulebook, mechanism: Mechanism, table: Grid) -> Grid:
        column = table[:, mechanism.column]
        if mechanism.unit is Unit.POOL:
            names = {layout.FIRST_POOL + at: name for at, name in enumerate(law.accumulators)}
            return _renumbered(column, {number: self._accumulator(name) for number, name in names.items()})
        if mechanism.unit is Unit.BANDS:
            sets, which = np.unique(table[:, layout.BAND_COUNT :], axis=0, return_inverse=True)
            numbers = [self._bands.setdefault(tuple(one), len(self._bands)) for one in sets.tolist()]
            return np.array(numbers, np.int64)[which.ravel()]
        return column

    def _accumulator(self, name: str) -> int:
        return layout.FIRST_POOL + self._accumulators.setdefault(name, len(self._accumulators))

    def text(self, mechanism: Mechanism, number: int, rows: tuple[Row, ...]) -> str:
        """A number of `values` in words."""
        if number == _ABSENT:
            return phrasing.NOTHING
        if mechanism.unit is Unit.POOL:
            names = {layout.FIRST_POOL + at: name for name, at in self._accumulators.items()}
            return phrasing.accumulated(names[number]) if number in names else phrasing.EACH_TIME
        if not rows and mechanism.default is None:
            return phrasing.NOTHING
        if mechanism.unit is Unit.BANDS:
            return phrasing.bands(layout.bands_in(list(self._bands)[number]))
        return phrasing.value(mechanism, number)


def _changed_cells(laws: _Laid, mechanism: Mechanism) -> Iterator[Change]:
    old, new = laws.values(laws.before, mechanism), laws.values(laws.after, mechanism)
    differs = (old.numbers != new.numbers) & (old.covered | new.covered)
    # A period that one law does not know and a cell that the other leaves empty are the same nothing.
    differs &= (old.cited != NO_CITATION) | (new.cited != NO_CITATION)
    found = np.argwhere(differs)
    if not len(found):
        return
    ways = np.stack([grid[differs] for grid in (old.numbers, new.numbers, old.cited, new.cited)], axis=1)
    kinds, which = np.unique(ways, axis=0, return_inverse=True)
    for number, (was, becomes, cited_before, cited_after) in enumerate(kinds.tolist()):
        rows_before, rows_after = _rows(laws.before, cited_before), _rows(laws.after, cited_after)
        for first, last, group in _runs(found[which.ravel() == number]):
            yield Change(
                # The limits of a year and of a claim share a column; the row knows which it is.
                title=(rows_after or rows_before)[0].mechanism.title,
                labels=_people(laws, mechanism, group),
                valid_from=laws.days[first],
                valid_until=laws.until(last),
                before=laws.text(mechanism, was, rows_before),
                after=laws.text(mechanism, becomes, rows_after),
                grounds=rows_after or rows_before,
                cells=len(group) * (last - first + 1),
            )


def _renumbered(column: Grid, numbers: dict[int, int]) -> Grid:
    found = column.copy()
    for own, shared in numbers.items():
        found[column == own] = shared
    return found


def _rows(law: Rulebook | None, citation: int) -> tuple[Row, ...]:
    return () if law is None or citation == NO_CITATION else tuple(law.rows[at] for at in law.citations[citation])


def _runs(cells: NDArray[np.intp]) -> Iterator[tuple[int, int, NDArray[np.intp]]]:
    """Neighboring days on which the same cells change: first day, last day, the cells of one of them."""
    first = last = -1
    group = cells[:0, 1:]
    for day in np.unique(cells[:, 0]).tolist():
        here = cells[cells[:, 0] == day, 1:]
        if day == last + 1 and np.array_equal(here, group):
            last = day
            continue
        if first >= 0:
            yield first, last, group
        first, last, group = day, day, here
    yield first, last, group


def _people(laws: _Laid, mechanism: Mechanism, group: NDArray[np.intp]) -> str:
    """Whom the cells are about, each cell named once: several boxes where no single one holds just them."""
    axes = axes_of(mechanism)[2:]
    mask = np.zeros((len(laws.pools), *(AXES[axis] for axis in axes)), np.bool_)
    mask[tuple(group.T)] = True
    return "；".join(cells.words(box, axes, laws.titles) for box in cells.boxes(mask, np.zeros_like(mask)))


def _changed_rules(before: Rulebook | None, after: Rulebook) -> Iterator[Change]:
    """Rules that no calculation reads, as they are written: one value for a name, its labels and its day."""
    old, new = _rules(before.rows if before else ()), _rules(after.rows)
    areas = (*(before.areas if before else ()), *after.areas)
    for key in [*new, *(key for key in old if key not in new)]:
        was, becomes = old.get(key), new.get(key)
        row = becomes or was
        if row is None or (was and becomes and _said(was) == _said(becomes)):
            continue
        yield Change(
            title=row.mechanism.title,
            labels=phrasing.cells(row.labels, areas),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            before=phrasing.value_of(was) if was else phrasing.NOTHING,
            after=phrasing.value_of(becomes) if becomes else phrasing.NOTHING,
            grounds=(row,),
            cells=1,
        )


def _rules(rows: Iterable[Row]) -> dict[tuple[str, str, date], Row]:
    city = (row for row in rows if row.mechanism.table not in (BENEFIT, PROTECTION))
    return {(row.name, phrasing.cells(row.labels), row.valid_from): row for row in city}


def _said(row: Row) -> tuple[str, date | None, bool]:
    return row.literal, row.valid_until, row.assumed

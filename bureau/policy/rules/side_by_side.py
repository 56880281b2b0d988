"""What a reader compares, two laws each on one day: equal differences of many cells as one line. Pure.

Values are compared as the documents write them; a modifier (−10 points without filing) is a line of its own. What a
checker must open, after modifiers and on all days, is in `differing`.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.terms import ReliefCategory
from bureau.policy.rules import cells, layout, phrasing
from bureau.policy.rules.benefits import BY_KEY
from bureau.policy.rules.compiling import NO_CITATION
from bureau.policy.rules.documents import PoolArea, Row
from bureau.policy.rules.mechanisms import BENEFIT, CITY, Mechanism
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.rules.vocabulary import AXES, RELIEFS, axes_of
from bureau.policy.terms import Dimension, Unit

# A cell in which nothing is paid: there a deductible or a limit means nothing.
_EMPTY = np.iinfo(np.int64).min
# Of a care that becomes covered these three say everything.
_TELLING = ("ratio", "deductible", "limit")
_KEYS = (
    *_TELLING,
    "prepayment",
    "pooled_cap",
    "major_counts",
    "relief_counts",
    "relief_outpatient",
    "special_share",
    "major_deductible",
    "major_bands",
    "major_cap",
    "relief_ratio",
    "relief_deductible",
    "relief_cap",
    "relief_outpatient_limit",
)
Grid: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Side:
    """One law on one day."""

    rulebook: Rulebook
    day: date


@dataclass(frozen=True, slots=True)
class District:
    """People who are looked at on both sides, and the pooling area that they belong to on each."""

    title: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """For whom what becomes what, and the rows that say so on each side."""

    title: str
    cells: str
    before: str
    after: str
    rows_before: tuple[Row, ...]
    rows_after: tuple[Row, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Where to read it: what holds afterwards, or what held before where nothing does."""
        return self.rows_after or self.rows_before

    @property
    def places(self) -> list[Row]:
        """One row for each clause of them."""
        return list({(row.document.id, row.clause.key): row for row in self.rows}.values())


def districts(before: Side, after: Side) -> list[District]:
    """The districts of a city with their pooling areas on both sides; whole cities where the cities are two."""
    if before.rulebook.city != after.rulebook.city:
        left, right = (side.rulebook.pool_of(side.rulebook.city_set.code, side.day) for side in (before, after))
        return [District("", left, right)]
    titles: dict[str, str] = {}
    for area in (*before.rulebook.areas, *after.rulebook.areas):
        for prefix in area.prefixes:
            titles.setdefault(prefix, area.title)
    return [District(title, _pool(before, prefix), _pool(after, prefix)) for prefix, title in titles.items()]


def _pool(side: Side, prefix: str) -> str | None:
    """The pooling area of a prefix; before the set is in force the first one: rules of the city may be older."""
    period = max(0, side.rulebook.period_of(side.day))
    return side.rulebook.pool_in(f"{prefix:0<6}", period)


@lru_cache(maxsize=32)
def differences(before: Side, after: Side) -> tuple[Difference, ...]:
    """Every difference, benefits first, then the rules of the city."""
    places = districts(before, after)
    found = itertools.chain.from_iterable(_of_mechanism(key, before, after, places) for key in _KEYS)
    return (*_pooling(places, before, after), *found, *_of_rows(before, after, places))


def change_days(rulebook: Rulebook) -> list[date]:
    """The days on which something begins or ends, the newest first."""
    dated: tuple[Row | PoolArea, ...] = (*rulebook.rows, *rulebook.areas)
    days = {item.valid_from for item in dated} | {item.valid_until for item in dated if item.valid_until}
    return sorted(days, reverse=True)


def changes_on(rulebook: Rulebook, day: date) -> tuple[Difference, ...]:
    """What a day changed: the evening before against the day itself."""
    return differences(Side(rulebook, day - timedelta(1)), Side(rulebook, day))


def _pooling(places: Sequence[District], before: Side, after: Side) -> Iterator[Difference]:
    if before.rulebook.city != after.rulebook.city:
        return
    titles = {area.name: area.title for area in (*after.rulebook.areas, *before.rulebook.areas)}
    for place in places:
        if place.before != place.after:
            old, new = (titles.get(pool or "", phrasing.NOTHING) for pool in (place.before, place.after))
            yield Difference("统筹区", place.title, old, new, (), ())


def _of_mechanism(key: str, before: Side, after: Side, places: Sequence[District]) -> Iterator[Difference]:
    """Cells with the same value before and the same after are one difference for each box of them."""
    mechanism = BY_KEY[key]
    kinds: list[tuple[tuple[int, int], ...]] = []
    left, cited_left = _cells(mechanism, before, [place.before for place in places], kinds)
    right, cited_right = _cells(mechanism, after, [place.after for place in places], kinds)
    differs = left != right
    nothing_before, nothing_after = left == _EMPTY, right == _EMPTY
    idle = nothing_before & nothing_after if key in _TELLING else nothing_before | nothing_after
    differs &= ~idle
    pairs = np.unique(np.stack([left[differs], right[differs]], axis=1), axis=0)
    axes, titles = axes_of(mechanism)[2:], [place.title for place in places]
    for old, new in pairs.tolist():
        for box in cells.boxes(differs & (left == old) & (right == new), idle):
            here = np.ix_(*box)
            rows_before, rows_after = _behind(before, cited_left[here]), _behind(after, cited_right[here])
            yield Difference(
                next((row.mechanism.title for row in (*rows_after, *rows_before)), mechanism.title),
                cells.words(box, axes, titles),
                _value(mechanism, old, kinds),
                _value(mechanism, new, kinds),
                rows_before,
                rows_after,
            )


def _cells(
    mechanism: Mechanism, side: Side, pools: Sequence[str | None], kinds: list[tuple[tuple[int, int], ...]]
) -> tuple[Grid, Grid]:
    """Values as the documents write them, before any modifier, and citations: by district and the table's axes.

    Bands are given as the number of their kind, so that they compare like any value.
    """
    rulebook, period = side.rulebook, side.rulebook.period_of(side.day)
    is_benefit = mechanism.table == BENEFIT
    sizes = tuple(AXES[axis] for axis in axes_of(mechanism)[2:])
    table, twin = (
        (rulebook.benefits, rulebook.benefits_cited)
        if is_benefit
        else (rulebook.protections, rulebook.protections_cited)
    )
    shape = (len(rulebook.starts), len(rulebook.pools), *sizes, table.shape[-1])
    # The value of each citation's first row; the last entry answers for NO_CITATION.
    numbers = [_number(rulebook.rows[rows[0]], kinds) for rows in rulebook.citations]
    written = np.array([*numbers, mechanism.default or 0])
    values, cited = [], []
    for pool in pools:
        if pool is None or period < 0:
            values.append(np.full(sizes, _EMPTY))
            cited.append(np.full(sizes, NO_CITATION))
            continue
        at = (period, rulebook.pools.index(pool))
        citations = twin.reshape(shape)[at][..., mechanism.column]
        covered = table.reshape(shape)[at][..., layout.COVERED] == 1 if is_benefit else np.True_
        values.append(np.where(covered, written[citations], _EMPTY))
        cited.append(citations)
    found = np.stack(values)
    if mechanism.key.startswith("relief") and not is_benefit:
        found[:, :, RELIEFS.index(ReliefCategory.NONE)] = _EMPTY
    return found, np.stack(cited)


def _number(row: Row, kinds: list[tuple[tuple[int, int], ...]]) -> int:
    if isinstance(row.value, int):
        return row.value
    if isinstance(row.value, str):
        return 0
    if row.value not in kinds:
        kinds.append(row.value)
    return kinds.index(row.value)


def _value(mechanism: Mechanism, number: int, kinds: Sequence[tuple[tuple[int, int], ...]]) -> str:
    if number == _EMPTY:
        return phrasing.NOT_COVERED if mechanism.key == "ratio" else phrasing.NOTHING
    return phrasing.bands(kinds[number]) if mechanism.unit is Unit.BANDS else phrasing.value(mechanism, number)


def _behind(side: Side, cited: Grid) -> tuple[Row, ...]:
    """The rows that give some cells their value, each once, in the order of the packs."""
    rulebook = side.rulebook
    rows = {rulebook.citations[at][0] for at in np.unique(cited).tolist() if at != NO_CITATION}
    return tuple(rulebook.rows[row] for row in sorted(rows))


def _of_rows(before: Side, after: Side, places: Sequence[District]) -> Iterator[Difference]:
    """What stands in no cell of its own, row by row: modifiers, accumulators, and rules that no calculation reads."""
    found: dict[tuple[str, ...], tuple[list[str], Row | None, Row | None]] = {}
    for place in places:
        left, right = _rows_of(before, place.before), _rows_of(after, place.after)
        for key in {**left, **right}:
            old, new = left.get(key), right.get(key)
            said = tuple(phrasing.value_of(row) if row else phrasing.NOTHING for row in (old, new))
            if said[0] != said[1]:
                found.setdefault((*key, *said), ([], old, new))[0].append(place.title)
    for (_, people, old_words, new_words), (titles, old, new) in sorted(found.items(), key=lambda item: item[0][0]):
        row = new or old
        assert row is not None  # noqa: S101  a key is of one of the two
        where = people
        if len(titles) < len(places):
            where = "·".join(["、".join(titles), *([people] if people != phrasing.EVERYBODY else [])])
        rows_before, rows_after = ((row,) if row else () for row in (old, new))
        yield Difference(phrasing.title_of(row), where, old_words, new_words, rows_before, rows_after)


def _rows_of(side: Side, pool: str | None) -> dict[tuple[str, str], Row]:
    """Such rows in force that speak of a pooling area, by name and people."""
    found = {}
    for row in side.rulebook.rows:
        stands_alone = row.mechanism.table == CITY or row.mechanism.unit is Unit.POOL or row.modifier is not None
        if not stands_alone or not row.in_force(side.day):
            continue
        pools = row.labels.get(Dimension.POOL.value)
        if pools is None or pool in pools:
            labels = {key: labels for key, labels in row.labels.items() if key != Dimension.POOL}
            found[row.name, phrasing.cells(labels, side.rulebook.areas)] = row
    return found

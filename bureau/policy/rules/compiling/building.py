"""What every step of compiling works on: the set under construction, its cells, its citations and its faults."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.policy.rules.documents import CitySet, Pack, PoolArea, Row
from bureau.policy.rules.faults import Fault, Place
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.vocabulary import (
    AXES,
    CARES,
    CHRONIC_COUNTS,
    DIMENSIONS,
    LEVELS,
    PERSONS,
    RELATIONS,
    RELIEFS,
    YES_NO,
    axes_of,
)
from bureau.policy.terms import Dimension

Grid: TypeAlias = NDArray[np.int64]
Bands: TypeAlias = tuple[tuple[int, int], ...]
NO_CITATION = -1


@dataclass(slots=True)
class Column:
    """One mechanism over its whole grid: the value of each cell and the citation that gives it."""

    mechanism: Mechanism
    values: Grid
    cited: Grid


@dataclass(slots=True)
class Builder:
    """A set of packs on its way to tables."""

    packs: Sequence[Pack]
    city: CitySet
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    areas: list[PoolArea] = field(default_factory=list)
    starts: list[date] = field(default_factory=list)
    pools: list[str] = field(default_factory=list)
    citations: list[tuple[int, ...]] = field(default_factory=list)
    citation_ids: dict[tuple[int, ...], int] = field(default_factory=dict)
    accumulators: list[tuple[str, str]] = field(default_factory=list)
    bands: list[Bands] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)
    base: dict[str, Grid] = field(default_factory=dict)

    def cite(self, rows: tuple[int, ...]) -> int:
        """The number of a citation: the rows that together give a value."""
        if rows not in self.citation_ids:
            self.citation_ids[rows] = len(self.citations)
            self.citations.append(rows)
        return self.citation_ids[rows]

    def fault(self, code: str, place: Place, message: str) -> None:
        self.faults.append(Fault(code, place, message))


def positions(builder: Builder, row: Row) -> tuple[NDArray[np.intp], ...] | None:
    """The cells of a row as an open mesh over its table; None where it holds on no day of the set."""
    chosen: list[list[int]] = []
    for axis in axes_of(row.mechanism):
        if axis == "period":
            here = [at for at, day in enumerate(builder.starts) if row.in_force(day)]
            if not here:
                return None
        elif axis == "pool":
            names = row.labels.get(Dimension.POOL.value, builder.pools)
            here = [at for at, name in enumerate(builder.pools) if name in names]
        else:
            here = list(range(AXES[axis]))
        for dimension, labels in row.labels.items():
            if dimension != Dimension.POOL.value and DIMENSIONS[dimension][0] == axis:
                named = set(itertools.chain.from_iterable(DIMENSIONS[dimension][1][label] for label in labels))
                here = [at for at in here if at in named]
        if not here:
            builder.fault("policy.empty", row.place, "这里的维度组合不对应任何人（如居民没有在职、退休之分）。")
            return None
        chosen.append(here)
    return np.ix_(*chosen)


def shape_of(builder: Builder, axes: tuple[str, ...]) -> tuple[int, ...]:
    """How many cells a table with these axes has along each."""
    sizes = {"period": len(builder.starts), "pool": len(builder.pools), **AXES}
    return tuple(sizes[axis] for axis in axes)


def band_set(builder: Builder, bands: Bands) -> int:
    """The number of a set of bands; the same bands have one."""
    if bands not in builder.bands:
        builder.bands.append(bands)
    return builder.bands.index(bands)


_AXIS_LABELS = {
    "person": ["/".join(filter(None, person)) for person in PERSONS],
    "care": list(CARES),
    "level": list(LEVELS),
    "relation": list(RELATIONS),
    "filing": [f"filing={label}" for label in YES_NO],
    "signed": [f"signed={label}" for label in YES_NO],
    "chronic": [f"chronic_count={label}" for label in CHRONIC_COUNTS],
    "relief": list(RELIEFS),
    "poor": [f"registered_poor={label}" for label in YES_NO],
}


def describe(builder: Builder, axes: tuple[str, ...], cell: tuple[int, ...]) -> str:
    """A cell in words, for a fault."""
    parts = []
    for axis, at in zip(axes, cell, strict=True):
        if axis == "period":
            parts.append(f"{builder.starts[at]} 起")
        elif axis == "pool":
            parts.append(builder.pools[at])
        else:
            parts.append(_AXIS_LABELS[axis][at])
    return " ".join(parts)

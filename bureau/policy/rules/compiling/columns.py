"""A mechanism over its whole grid: each cell once (UNIQUE)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bureau.policy.rules import layout
from bureau.policy.rules.compiling.building import NO_CITATION, Builder, Column, band_set, describe, positions, shape_of
from bureau.policy.rules.documents import Row
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.vocabulary import (
    axes_of,
)
from bureau.policy.terms import Unit

_NOT_FROM_A_ROW = 0


def column_of(builder: Builder, mechanism: Mechanism) -> Column:
    """The base values of one mechanism over its grid; a cell given twice is a fault."""
    shape = shape_of(builder, axes_of(mechanism))
    default = _NOT_FROM_A_ROW if mechanism.default is None else mechanism.default
    column = Column(mechanism, np.full(shape, default, dtype=np.int64), np.full(shape, NO_CITATION, dtype=np.int64))
    for index, row in enumerate(builder.rows):
        if row.modifier is not None or row.mechanism.key != mechanism.key:
            continue
        cells = positions(builder, row)
        if cells is None:
            continue
        taken = column.cited[cells]
        if (taken != NO_CITATION).any():
            _clash(builder, row, column, cells)
            continue
        column.values[cells] = _number(builder, row)
        column.cited[cells] = builder.cite((index,))
    return column


def _number(builder: Builder, row: Row) -> int:
    if isinstance(row.value, str):
        return layout.FIRST_POOL + builder.accumulators.index((row.mechanism.key, row.value))
    if isinstance(row.value, tuple):
        return band_set(builder, row.value)
    if row.mechanism.unit is Unit.BANDS:
        return band_set(builder, ())
    return row.value


def _clash(builder: Builder, row: Row, column: Column, cells: tuple[NDArray[np.intp], ...]) -> None:
    taken = column.cited[cells]
    at = tuple(int(found[0]) for found in np.nonzero(taken != NO_CITATION))
    other = builder.rows[builder.citations[int(taken[at])][0]]
    cell = tuple(int(axis.ravel()[position]) for axis, position in zip(cells, at, strict=True))
    where = describe(builder, axes_of(column.mechanism), cell)
    builder.fault(
        "policy.unique", row.place, f"“{row.name}”的同一格（{where}）已由 {other.place} 的“{other.name}”给出。"
    )

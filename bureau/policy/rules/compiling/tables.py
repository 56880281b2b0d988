"""The two int64 tables that the kernel reads, and their twins of citations."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.money import BASIS_POINTS
from bureau.kernel.terms import ReliefCategory
from bureau.policy.rules import layout
from bureau.policy.rules.compiling.building import NO_CITATION, Builder, Grid, shape_of
from bureau.policy.rules.compiling.checking import covered_cells
from bureau.policy.rules.mechanisms import BENEFIT, PROTECTION
from bureau.policy.rules.vocabulary import (
    BENEFIT_AXES,
    PROTECTION_AXES,
    RELIEFS,
)
from bureau.policy.terms import Unit


def _stack(
    builder: Builder, table: str, axes: tuple[str, ...], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    shape = shape_of(builder, axes)
    values = np.zeros((*shape, width), dtype=np.int64)
    cited = np.full((*shape, width), NO_CITATION, dtype=np.int64)
    for column in builder.columns.values():
        if column.mechanism.table == table:
            ratio = column.mechanism.unit is Unit.RATIO
            values[..., column.mechanism.column] = np.minimum(column.values, BASIS_POINTS) if ratio else column.values
            cited[..., column.mechanism.column] = column.cited
    return values, cited


def benefit_table(builder: Builder) -> tuple[Grid, Grid]:
    """What a bill is owed by basic insurance, and who says so."""
    values, cited = _stack(builder, BENEFIT, BENEFIT_AXES, layout.BENEFIT_COLUMNS)
    values[..., layout.RATIO] = values[..., layout.RATIO].clip(0, BASIS_POINTS)
    values[..., layout.COVERED] = covered_cells(builder) & (builder.base["ratio"] > 0) & ~_ratio_taken_away(builder)
    return values.reshape(-1, layout.BENEFIT_COLUMNS), cited.reshape(-1, layout.BENEFIT_COLUMNS)


def _ratio_taken_away(builder: Builder) -> NDArray[np.bool_]:
    """Cells whose ratio a modifier set to `none`: not covered, unlike a ratio that points bring down to nothing."""
    column = builder.columns["ratio"]
    away = [
        number
        for number, rows in enumerate(builder.citations)
        if any((modifier := builder.rows[row].modifier) is not None and modifier.kind == "set" for row in rows)
    ]
    return np.isin(column.cited, away)


def protection_table(builder: Builder) -> tuple[Grid, Grid]:
    """What a year is owed by major illness insurance and medical relief, and who says so."""
    values, cited = _stack(builder, PROTECTION, PROTECTION_AXES, layout.PROTECTION_COLUMNS)
    values[..., layout.RELIEF_RATIO] = values[..., layout.RELIEF_RATIO].clip(0, BASIS_POINTS)
    values[..., layout.RELIEF_ENTITLED] = builder.base["relief_ratio"] > 0
    values[..., RELIEFS.index(ReliefCategory.NONE), :, layout.RELIEF_ENTITLED] = 0
    bands = builder.columns["major_bands"]
    matrix = np.zeros((max(1, len(builder.bands)), 1 + 2 * layout.MOST_BANDS), dtype=np.int64)
    for number, limits in enumerate(builder.bands):
        flat = [(upper, min(max(share, 0), BASIS_POINTS)) for upper, share in limits]
        matrix[number, : 1 + 2 * len(flat)] = [len(flat), *itertools.chain.from_iterable(flat)]
    values[..., layout.BAND_COUNT :] = matrix[bands.values]
    cited[..., layout.BAND_COUNT :] = bands.cited[..., np.newaxis]
    return values.reshape(-1, layout.PROTECTION_COLUMNS), cited.reshape(-1, layout.PROTECTION_COLUMNS)

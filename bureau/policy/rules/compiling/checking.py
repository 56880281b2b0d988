"""What a set must hold: every covered cell has its value (COMPLETE), limits their pools, amounts their bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.terms import Care, ReliefCategory
from bureau.policy.rules import bounds, layout
from bureau.policy.rules.compiling.building import NO_CITATION, Builder, Column, describe, positions, shape_of
from bureau.policy.rules.documents import Row
from bureau.policy.rules.faults import Place
from bureau.policy.rules.mechanisms import BENEFIT, CITY, Mechanism
from bureau.policy.rules.vocabulary import (
    BENEFIT_AXES,
    CARES,
    CHRONIC_COUNTS,
    PROTECTION_AXES,
    RELIEFS,
    axes_of,
)


def check_city_rules(builder: Builder) -> None:
    """A rule of the city stands once for the same people on the same day."""
    rows = [row for row in builder.rows if row.mechanism.table == CITY]
    for number, row in enumerate(rows):
        for other in rows[:number]:
            if other.name == row.name and row.meets(other):
                builder.fault("policy.unique", row.place, f"“{row.name}”同日已由 {other.place} 给出。")


def _living_pools(builder: Builder) -> NDArray[np.bool_]:
    """Which pooling areas exist in which period."""
    living = np.zeros((len(builder.starts), len(builder.pools)), dtype=bool)
    for area in builder.areas:
        for at, day in enumerate(builder.starts):
            if area.valid_from <= day and (area.valid_until is None or day < area.valid_until):
                living[at, builder.pools.index(area.name)] = True
    for empty in np.flatnonzero(~living.any(axis=1)).tolist():
        builder.fault("policy.complete", builder.city.place, f"自 {builder.starts[empty]} 起没有统筹区。")
    return living


def _spread(array: NDArray[np.bool_], axes: tuple[str, ...]) -> NDArray[np.bool_]:
    """A mask over the leading axes, shaped to spread over the others."""
    return array.reshape(array.shape + (1,) * (len(axes) - array.ndim))


def covered_cells(builder: Builder) -> NDArray[np.bool_]:
    """Covered as the set says; chronic care without a recognised disease never is (benefit-engine §5)."""
    covered: NDArray[np.bool_] = builder.columns["covered"].values == 1
    care, chronic = BENEFIT_AXES.index("care"), BENEFIT_AXES.index("chronic")
    cell: list[slice | int] = [slice(None)] * len(BENEFIT_AXES)
    cell[care], cell[chronic] = CARES.index(Care.CHRONIC), CHRONIC_COUNTS.index("0")
    covered[tuple(cell)] = False
    return covered


def check_complete(builder: Builder) -> None:
    """Each covered cell has a ratio, each paying one what a payment needs, each protected one its protection."""
    living = _living_pools(builder)
    benefit_living = np.broadcast_to(_spread(living, BENEFIT_AXES), shape_of(builder, BENEFIT_AXES))
    _missing(builder, builder.columns["covered"], benefit_living)
    covered = covered_cells(builder) & benefit_living
    _missing(builder, builder.columns["ratio"], covered)
    paying = covered & (builder.columns["ratio"].values > 0)
    protected = np.broadcast_to(_spread(living, PROTECTION_AXES), shape_of(builder, PROTECTION_AXES))
    relieved = protected.copy()
    relieved[:, :, :, RELIEFS.index(ReliefCategory.NONE)] = False
    for column in builder.columns.values():
        mechanism = column.mechanism
        if not mechanism.required or mechanism.key in ("covered", "ratio"):
            continue
        if mechanism.table == BENEFIT:
            _missing(builder, column, paying)
        else:
            _missing(builder, column, relieved if mechanism.key.startswith("relief") else protected)


def _missing(builder: Builder, column: Column, wanted: NDArray[np.bool_]) -> None:
    """One fault per period and care (or table) in which wanted cells have no value."""
    absent = wanted & (column.cited == NO_CITATION)
    axes = axes_of(column.mechanism)
    depth = axes.index("care") + 1 if "care" in axes else axes.index("person") + 1
    reported: set[tuple[int, ...]] = set()
    for cell in zip(*(found.tolist() for found in np.nonzero(absent)), strict=True):
        if cell[:depth] in reported:
            continue
        reported.add(cell[:depth])
        count = int(absent[cell[:depth]].sum())
        where = describe(builder, axes, cell)
        ended = _ended(builder, column.mechanism, cell, axes)
        if ended is None:
            place = _cause(builder, column.mechanism, cell)
            message = f"“{column.mechanism.title}”没有值：{where}（这一类共 {count} 格）。"
            builder.fault("policy.complete", place, message)
        else:
            message = f"“{ended.name}”到期后没有接续：{where}（这一类共 {count} 格）。"
            builder.fault("policy.gap", ended.place, message)


def _cause(builder: Builder, mechanism: Mechanism, cell: tuple[int, ...]) -> Place:
    """Where the set says that this cell is covered; for the rest, where the set begins."""
    if mechanism.table == BENEFIT:
        cited = int(builder.columns["covered"].cited[cell])
        if cited != NO_CITATION:
            return builder.rows[builder.citations[cited][0]].place
    return builder.city.place


def _ended(builder: Builder, mechanism: Mechanism, cell: tuple[int, ...], axes: tuple[str, ...]) -> Row | None:
    """The row that gave this cell its value until the day from which it is missing."""
    for row in builder.rows:
        if row.modifier is not None or row.mechanism.key != mechanism.key:
            continue
        if row.valid_until is None or row.valid_until > builder.starts[cell[0]]:
            continue
        cells = positions(builder, row)
        if cells is not None and all(cell[at] in cells[at].ravel() for at in range(1, len(axes))):
            return row
    return None


def check_pools(builder: Builder) -> None:
    """An annual limit needs the pool in which it accumulates, a limit per claim must have none."""
    limit, pool = builder.columns["limit"], builder.columns["limit_pool"]
    pooled = pool.values != layout.PER_CLAIM
    wrong: dict[int, str] = {}
    for citation in np.unique(limit.cited[limit.cited != NO_CITATION]).tolist():
        row = builder.rows[builder.citations[citation][0]]
        cells = limit.cited == citation
        if row.name.endswith(".claim_limit") and (cells & pooled).any():
            wrong[citation] = "单次限额的医疗类别不能再有限额累计池。"
        elif row.name.endswith(".annual_limit") and row.value != layout.UNLIMITED and (cells & ~pooled).any():
            wrong[citation] = "年度限额没有写明累计池（pools，of: limit）。"
    for citation, message in wrong.items():
        builder.fault("policy.pool", builder.rows[builder.citations[citation][0]].place, message)


def check_bounds(builder: Builder) -> None:
    """Floors, ceilings and gradients, over the cells that pay, after every modifier."""
    living = _living_pools(builder)
    paying = covered_cells(builder) & (builder.base["ratio"] > 0) & _spread(living, BENEFIT_AXES)
    everyone = np.broadcast_to(_spread(living, PROTECTION_AXES), shape_of(builder, PROTECTION_AXES))
    grids = {
        key: (
            column.values,
            column.cited,
            (paying if column.mechanism.table == BENEFIT else everyone) & (column.cited != NO_CITATION),
        )
        for key, column in builder.columns.items()
    }
    tools = (grids, lambda row: positions(builder, row), lambda at: builder.rows[builder.citations[at][-1]])
    for pack in builder.packs:
        for bound in pack.bounds:
            found = bounds.beyond(bound, *tools, lambda axes, cell: describe(builder, axes, cell))
            (builder.warnings if bound.usually else builder.faults).extend(found)
        for gradient in pack.gradients:
            builder.faults.extend(bounds.rising(gradient, *tools, lambda axes, cell: describe(builder, axes, cell)))

"""From documents to two int64 tables and their twins of citations.

Every cell once (UNIQUE), every covered cell (COMPLETE), over all cells and all days on which anything begins or ends.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.money import BASIS_POINTS, round_half_up
from bureau.kernel.terms import Care, ReliefCategory
from bureau.policy.rules import bounds, layout, literals
from bureau.policy.rules.documents import CitySet, Pack, PoolArea, Row
from bureau.policy.rules.faults import Fault, PackError, Place
from bureau.policy.rules.mechanisms import BENEFIT, CITY, PROTECTION, Mechanism
from bureau.policy.rules.vocabulary import (
    AXES,
    BENEFIT_AXES,
    CARES,
    CHRONIC_COUNTS,
    DIMENSIONS,
    LEVELS,
    MECHANISMS,
    PERSONS,
    POOL_KINDS,
    PROTECTION_AXES,
    RELATIONS,
    RELIEFS,
    YES_NO,
    axes_of,
)
from bureau.policy.terms import Dimension, Unit

Grid: TypeAlias = NDArray[np.int64]
Bands: TypeAlias = tuple[tuple[int, int], ...]
_Dated = TypeVar("_Dated", Row, PoolArea)

NO_CITATION = -1
_NOT_FROM_A_ROW = 0


@dataclass(slots=True)
class Column:
    """One mechanism over its whole grid: the value of each cell and the citation that gives it."""

    mechanism: Mechanism
    values: Grid
    cited: Grid


@dataclass(slots=True)
class Compiled:
    """What the packs of a city come to."""

    city: CitySet
    starts: list[date]
    pools: list[str]
    areas: list[PoolArea]
    rows: list[Row]
    citations: list[tuple[int, ...]]
    accumulators: list[tuple[str, str]]
    benefits: Grid
    benefits_cited: Grid
    protections: Grid
    protections_cited: Grid
    warnings: list[Fault]


@dataclass(slots=True)
class _Builder:
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


def compile_packs(packs: Sequence[Pack]) -> Compiled:
    """The tables of a set of packs; raises `PackError` with all faults found."""
    builder = _Builder(packs, _the_city(packs))
    _gather(builder)
    _check_city_rules(builder)
    _stop(builder)
    for mechanism in (*MECHANISMS.values(), *POOL_KINDS.values()):
        if mechanism.table != CITY and mechanism.key not in builder.columns:
            builder.columns[mechanism.key] = _column(builder, mechanism)
    # A cell given twice was left as it was: asking for gaps there would only confuse.
    _stop(builder)
    _check_complete(builder)
    _check_pools(builder)
    builder.base = {key: column.values.copy() for key, column in builder.columns.items()}
    for index, row in sorted(enumerate(builder.rows), key=lambda item: _modifier_order(item[1])):
        if row.modifier is not None:
            _modify(builder, index, row)
    _check_bounds(builder)
    _stop(builder)
    benefits, benefits_cited = _benefit_table(builder)
    protections, protections_cited = _protection_table(builder)
    return Compiled(
        builder.city,
        builder.starts,
        builder.pools,
        builder.areas,
        builder.rows,
        builder.citations,
        builder.accumulators,
        benefits,
        benefits_cited,
        protections,
        protections_cited,
        builder.warnings,
    )


def superseded(packs: Sequence[Pack]) -> list[Pack]:
    """The packs with what a later document replaces ended on the day on which that document begins."""
    ends = {old: (pack.document, pack.document.valid_from) for pack in packs for old in pack.document.replaces}
    unknown = set(ends) - {pack.document.id for pack in packs}
    if unknown:
        old = min(unknown)
        message = f"没有可以替代的文件“{old}”。"
        raise PackError([Fault("policy.unknown_document", ends[old][0].place, message)])
    return [_ended_on(pack, ends[pack.document.id][1]) if pack.document.id in ends else pack for pack in packs]


def _ended_on(pack: Pack, day: date) -> Pack:
    def until(item: _Dated) -> _Dated:
        return replace(item, valid_until=day) if item.valid_until is None or item.valid_until > day else item

    return replace(
        pack,
        rows=[until(row) for row in pack.rows if row.valid_from < day],
        areas=[until(area) for area in pack.areas if area.valid_from < day],
        bounds=[replace(bound, row=until(bound.row)) for bound in pack.bounds if bound.row.valid_from < day],
        gradients=[replace(item, row=until(item.row)) for item in pack.gradients if item.row.valid_from < day],
        examples=[item for item in pack.examples if all(claim.facts["on"] < f"{day}" for claim in item.claims)],
        rule_examples=[item for item in pack.rule_examples if item.on < day],
    )


def _stop(builder: _Builder) -> None:
    if builder.faults:
        raise PackError(sorted(builder.faults, key=lambda fault: fault.place))


def _the_city(packs: Sequence[Pack]) -> CitySet:
    cities = [pack.city for pack in packs if pack.city is not None]
    if len(cities) == 1:
        return cities[0]
    place = cities[1].place if cities else Place(packs[0].document.place.file if packs else "?", 1)
    raise PackError([Fault("policy.city", place, "一套政策包必须有且只有一个文件写明“city”。")])


def _gather(builder: _Builder) -> None:
    """Rows, pooling areas, the days on which anything changes, the names of pools and accumulators."""
    seen: dict[str, Place] = {}
    for pack in builder.packs:
        if pack.document.id in seen:
            place = pack.document.place
            builder.fault("policy.unique", place, f"文件编号“{pack.document.id}”与 {seen[pack.document.id]} 重复。")
        seen[pack.document.id] = pack.document.place
        builder.rows.extend(pack.rows)
        builder.areas.extend(pack.areas)
    builder.pools = list(dict.fromkeys(area.name for area in builder.areas))
    if not builder.pools:
        builder.fault("policy.city", builder.city.place, "没有写明统筹区（pooling）。")
    # What no calculation reads divides no periods.
    calculated = [row for row in builder.rows if row.mechanism.table != CITY]
    builder.starts = _starts(builder.city, [*calculated, *builder.areas])
    for row in builder.rows:
        for label in row.labels.get(Dimension.POOL.value, ()):
            if label not in builder.pools:
                builder.fault("policy.unknown_label", row.place, f"没有名为“{label}”的统筹区。")
        if row.mechanism.unit is Unit.POOL:
            key = (row.mechanism.key, str(row.value))
            if key not in builder.accumulators:
                builder.accumulators.append(key)
    for number, area in enumerate(builder.areas):
        _check_area(builder, number, area)


def _check_city_rules(builder: _Builder) -> None:
    """A rule of the city stands once for the same people on the same day."""
    rows = [row for row in builder.rows if row.mechanism.table == CITY]
    for number, row in enumerate(rows):
        for other in rows[:number]:
            if other.name == row.name and row.meets(other):
                builder.fault("policy.unique", row.place, f"“{row.name}”同日已由 {other.place} 给出。")


def _check_area(builder: _Builder, number: int, area: PoolArea) -> None:
    for other in builder.areas[:number]:
        shared = set(area.prefixes) & set(other.prefixes)
        apart = (other.valid_until is not None and other.valid_until <= area.valid_from) or (
            area.valid_until is not None and area.valid_until <= other.valid_from
        )
        if shared and not apart:
            message = f"区划“{sorted(shared)[0]}”同日又属于 {other.place} 的统筹区。"
            builder.fault("policy.unique", area.place, message)


def _starts(city: CitySet, dated: Iterable[Row | PoolArea]) -> list[date]:
    days = {city.valid_from}
    for item in dated:
        days.update(day for day in (item.valid_from, item.valid_until) if day is not None)
    return sorted(
        day for day in days if city.valid_from <= day and (city.valid_until is None or day < city.valid_until)
    )


def _positions(builder: _Builder, row: Row) -> tuple[NDArray[np.intp], ...] | None:
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


def _shape(builder: _Builder, axes: tuple[str, ...]) -> tuple[int, ...]:
    sizes = {"period": len(builder.starts), "pool": len(builder.pools), **AXES}
    return tuple(sizes[axis] for axis in axes)


def _column(builder: _Builder, mechanism: Mechanism) -> Column:
    """The base values of one mechanism over its grid; a cell given twice is a fault."""
    shape = _shape(builder, axes_of(mechanism))
    default = _NOT_FROM_A_ROW if mechanism.default is None else mechanism.default
    column = Column(mechanism, np.full(shape, default, dtype=np.int64), np.full(shape, NO_CITATION, dtype=np.int64))
    for index, row in enumerate(builder.rows):
        if row.modifier is not None or row.mechanism.key != mechanism.key:
            continue
        cells = _positions(builder, row)
        if cells is None:
            continue
        taken = column.cited[cells]
        if (taken != NO_CITATION).any():
            _clash(builder, row, column, cells)
            continue
        column.values[cells] = _number(builder, row)
        column.cited[cells] = builder.cite((index,))
    return column


def _number(builder: _Builder, row: Row) -> int:
    if isinstance(row.value, str):
        return layout.FIRST_POOL + builder.accumulators.index((row.mechanism.key, row.value))
    if isinstance(row.value, tuple):
        return _band_set(builder, row.value)
    if row.mechanism.unit is Unit.BANDS:
        return _band_set(builder, ())
    return row.value


def _band_set(builder: _Builder, bands: Bands) -> int:
    if bands not in builder.bands:
        builder.bands.append(bands)
    return builder.bands.index(bands)


def _clash(builder: _Builder, row: Row, column: Column, cells: tuple[NDArray[np.intp], ...]) -> None:
    taken = column.cited[cells]
    at = tuple(int(found[0]) for found in np.nonzero(taken != NO_CITATION))
    other = builder.rows[builder.citations[int(taken[at])][0]]
    cell = tuple(int(axis.ravel()[position]) for axis, position in zip(cells, at, strict=True))
    where = _describe(builder, axes_of(column.mechanism), cell)
    builder.fault(
        "policy.unique", row.place, f"“{row.name}”的同一格（{where}）已由 {other.place} 的“{other.name}”给出。"
    )


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


def _describe(builder: _Builder, axes: tuple[str, ...], cell: tuple[int, ...]) -> str:
    parts = []
    for axis, at in zip(axes, cell, strict=True):
        if axis == "period":
            parts.append(f"{builder.starts[at]} 起")
        elif axis == "pool":
            parts.append(builder.pools[at])
        else:
            parts.append(_AXIS_LABELS[axis][at])
    return " ".join(parts)


def _living_pools(builder: _Builder) -> NDArray[np.bool_]:
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


def _covered(builder: _Builder) -> NDArray[np.bool_]:
    """Covered as the set says; chronic care without a recognised disease never is (benefit-engine §5)."""
    covered: NDArray[np.bool_] = builder.columns["covered"].values == 1
    care, chronic = BENEFIT_AXES.index("care"), BENEFIT_AXES.index("chronic")
    cell: list[slice | int] = [slice(None)] * len(BENEFIT_AXES)
    cell[care], cell[chronic] = CARES.index(Care.CHRONIC), CHRONIC_COUNTS.index("0")
    covered[tuple(cell)] = False
    return covered


def _check_complete(builder: _Builder) -> None:
    living = _living_pools(builder)
    benefit_living = np.broadcast_to(_spread(living, BENEFIT_AXES), _shape(builder, BENEFIT_AXES))
    _missing(builder, builder.columns["covered"], benefit_living)
    covered = _covered(builder) & benefit_living
    _missing(builder, builder.columns["ratio"], covered)
    paying = covered & (builder.columns["ratio"].values > 0)
    protected = np.broadcast_to(_spread(living, PROTECTION_AXES), _shape(builder, PROTECTION_AXES))
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


def _missing(builder: _Builder, column: Column, wanted: NDArray[np.bool_]) -> None:
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
        where = _describe(builder, axes, cell)
        ended = _ended(builder, column.mechanism, cell, axes)
        if ended is None:
            place = _cause(builder, column.mechanism, cell)
            message = f"“{column.mechanism.title}”没有值：{where}（这一类共 {count} 格）。"
            builder.fault("policy.complete", place, message)
        else:
            message = f"“{ended.name}”到期后没有接续：{where}（这一类共 {count} 格）。"
            builder.fault("policy.gap", ended.place, message)


def _cause(builder: _Builder, mechanism: Mechanism, cell: tuple[int, ...]) -> Place:
    """Where the set says that this cell is covered; for the rest, where the set begins."""
    if mechanism.table == BENEFIT:
        cited = int(builder.columns["covered"].cited[cell])
        if cited != NO_CITATION:
            return builder.rows[builder.citations[cited][0]].place
    return builder.city.place


def _ended(builder: _Builder, mechanism: Mechanism, cell: tuple[int, ...], axes: tuple[str, ...]) -> Row | None:
    """The row that gave this cell its value until the day from which it is missing."""
    for row in builder.rows:
        if row.modifier is not None or row.mechanism.key != mechanism.key:
            continue
        if row.valid_until is None or row.valid_until > builder.starts[cell[0]]:
            continue
        cells = _positions(builder, row)
        if cells is not None and all(cell[at] in cells[at].ravel() for at in range(1, len(axes))):
            return row
    return None


def _check_pools(builder: _Builder) -> None:
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


def _check_bounds(builder: _Builder) -> None:
    """Floors, ceilings and gradients, over the cells that pay, after every modifier."""
    living = _living_pools(builder)
    paying = _covered(builder) & (builder.base["ratio"] > 0) & _spread(living, BENEFIT_AXES)
    everyone = np.broadcast_to(_spread(living, PROTECTION_AXES), _shape(builder, PROTECTION_AXES))
    grids = {
        key: (
            column.values,
            column.cited,
            (paying if column.mechanism.table == BENEFIT else everyone) & (column.cited != NO_CITATION),
        )
        for key, column in builder.columns.items()
    }
    tools = (grids, lambda row: _positions(builder, row), lambda at: builder.rows[builder.citations[at][-1]])
    for pack in builder.packs:
        for bound in pack.bounds:
            found = bounds.beyond(bound, *tools, lambda axes, cell: _describe(builder, axes, cell))
            (builder.warnings if bound.usually else builder.faults).extend(found)
        for gradient in pack.gradients:
            builder.faults.extend(bounds.rising(gradient, *tools, lambda axes, cell: _describe(builder, axes, cell)))


def _modifier_order(row: Row) -> tuple[int, str, int]:
    """Additions first, then factors, then `none`: an order that no file name can change."""
    kinds = {"add": 0, "times": 1, "set": 2}
    return (kinds[row.modifier.kind] if row.modifier else 0, row.place.file, row.place.line)


def _modify(builder: _Builder, index: int, row: Row) -> None:
    modifier = row.modifier
    cells = _positions(builder, row)
    if modifier is None or cells is None:
        return
    column = builder.columns[row.mechanism.key]
    cited_before, before = column.cited[cells], column.values[cells]
    given = cited_before != NO_CITATION
    if row.mechanism.unit is Unit.RATIO:
        # What is not covered at all does not become covered by points.
        given &= builder.base[row.mechanism.key][cells] != row.mechanism.none
    if not given.any():
        builder.fault("policy.empty", row.place, f"没有可修改的“{row.mechanism.title}”。")
        return
    cited, values = cited_before.copy(), before.copy()
    for citation in np.unique(cited_before[given]).tolist():
        together = builder.citations[citation]
        for other in together:
            if builder.rows[other].modifier is not None and builder.rows[other].name == row.name:
                builder.fault(
                    "policy.unique", row.place, f"同一格已由 {builder.rows[other].place} 的“{row.name}”修改。"
                )
                return
        cited[given & (cited_before == citation)] = builder.cite((*together, index))
    for value in np.unique(before[given]).tolist():
        values[given & (before == value)] = _changed(builder, row.mechanism, modifier, value)
    column.cited[cells], column.values[cells] = cited, values


def _changed(builder: _Builder, mechanism: Mechanism, modifier: literals.Modifier, value: int) -> int:
    if mechanism.unit is Unit.BANDS:
        bands = tuple((upper, _ratio_changed(modifier, share)) for upper, share in builder.bands[value])
        return _band_set(builder, bands)
    if modifier.kind == "set":
        return modifier.amount
    if mechanism.unit is Unit.RATIO:
        return _ratio_changed(modifier, value)
    if value == layout.UNLIMITED:
        return value
    return max(0, value + modifier.amount) if modifier.kind == "add" else round_half_up(value, modifier.amount)


def _ratio_changed(modifier: literals.Modifier, ratio: int) -> int:
    return ratio + modifier.amount if modifier.kind == "add" else round_half_up(max(0, ratio), modifier.amount)


def _stack(
    builder: _Builder, table: str, axes: tuple[str, ...], width: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    shape = _shape(builder, axes)
    values = np.zeros((*shape, width), dtype=np.int64)
    cited = np.full((*shape, width), NO_CITATION, dtype=np.int64)
    for column in builder.columns.values():
        if column.mechanism.table == table:
            ratio = column.mechanism.unit is Unit.RATIO
            values[..., column.mechanism.column] = np.minimum(column.values, BASIS_POINTS) if ratio else column.values
            cited[..., column.mechanism.column] = column.cited
    return values, cited


def _benefit_table(builder: _Builder) -> tuple[Grid, Grid]:
    values, cited = _stack(builder, BENEFIT, BENEFIT_AXES, layout.BENEFIT_COLUMNS)
    values[..., layout.RATIO] = values[..., layout.RATIO].clip(0, BASIS_POINTS)
    values[..., layout.COVERED] = _covered(builder) & (builder.base["ratio"] > 0) & ~_ratio_taken_away(builder)
    return values.reshape(-1, layout.BENEFIT_COLUMNS), cited.reshape(-1, layout.BENEFIT_COLUMNS)


def _ratio_taken_away(builder: _Builder) -> NDArray[np.bool_]:
    """Cells whose ratio a modifier set to `none`: not covered, unlike a ratio that points bring down to nothing."""
    column = builder.columns["ratio"]
    away = [
        number
        for number, rows in enumerate(builder.citations)
        if any((modifier := builder.rows[row].modifier) is not None and modifier.kind == "set" for row in rows)
    ]
    return np.isin(column.cited, away)


def _protection_table(builder: _Builder) -> tuple[Grid, Grid]:
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

"""From documents to two int64 tables and their twins of citations.

Every cell once (UNIQUE), every covered cell (COMPLETE), over all cells and all days on which anything begins or ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bureau.policy.rules.compiling.building import NO_CITATION, Builder, Grid
from bureau.policy.rules.compiling.checking import check_bounds, check_city_rules, check_complete, check_pools
from bureau.policy.rules.compiling.columns import column_of
from bureau.policy.rules.compiling.gathering import gather, superseded, the_city
from bureau.policy.rules.compiling.modifying import modifier_order, modify
from bureau.policy.rules.compiling.tables import benefit_table, protection_table
from bureau.policy.rules.documents import CitySet, Pack, PoolArea, Row
from bureau.policy.rules.faults import Fault, PackError
from bureau.policy.rules.mechanisms import CITY
from bureau.policy.rules.vocabulary import MECHANISMS, POOL_KINDS

__all__ = ["NO_CITATION", "Compiled", "Grid", "compile_packs", "superseded"]


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


def compile_packs(packs: Sequence[Pack]) -> Compiled:
    """The tables of a set of packs; raises `PackError` with all faults found."""
    builder = Builder(packs, the_city(packs))
    gather(builder)
    check_city_rules(builder)
    _stop(builder)
    for mechanism in (*MECHANISMS.values(), *POOL_KINDS.values()):
        if mechanism.table != CITY and mechanism.key not in builder.columns:
            builder.columns[mechanism.key] = column_of(builder, mechanism)
    # A cell given twice was left as it was: asking for gaps there would only confuse.
    _stop(builder)
    check_complete(builder)
    check_pools(builder)
    builder.base = {key: column.values.copy() for key, column in builder.columns.items()}
    for index, row in sorted(enumerate(builder.rows), key=lambda item: modifier_order(item[1])):
        if row.modifier is not None:
            modify(builder, index, row)
    check_bounds(builder)
    _stop(builder)
    benefits, benefits_cited = benefit_table(builder)
    protections, protections_cited = protection_table(builder)
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


def _stop(builder: Builder) -> None:
    if builder.faults:
        raise PackError(sorted(builder.faults, key=lambda fault: fault.place))

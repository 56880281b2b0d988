"""Points, factors and `none` laid over base values, with both citations."""

from __future__ import annotations

import numpy as np

from bureau.kernel.money import round_half_up
from bureau.policy.rules import layout, literals
from bureau.policy.rules.compiling.building import NO_CITATION, Builder, band_set, positions
from bureau.policy.rules.documents import Row
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.terms import Unit


def modifier_order(row: Row) -> tuple[int, str, int]:
    """Additions first, then factors, then `none`: an order that no file name can change."""
    kinds = {"add": 0, "times": 1, "set": 2}
    return (kinds[row.modifier.kind] if row.modifier else 0, row.place.file, row.place.line)


def modify(builder: Builder, index: int, row: Row) -> None:
    """Lay a modifier over the cells of its row."""
    modifier = row.modifier
    cells = positions(builder, row)
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


def _changed(builder: Builder, mechanism: Mechanism, modifier: literals.Modifier, value: int) -> int:
    if mechanism.unit is Unit.BANDS:
        bands = tuple((upper, _ratio_changed(modifier, share)) for upper, share in builder.bands[value])
        return band_set(builder, bands)
    if modifier.kind == "set":
        return modifier.amount
    if mechanism.unit is Unit.RATIO:
        return _ratio_changed(modifier, value)
    if value == layout.UNLIMITED:
        return value
    return max(0, value + modifier.amount) if modifier.kind == "add" else round_half_up(value, modifier.amount)


def _ratio_changed(modifier: literals.Modifier, ratio: int) -> int:
    return ratio + modifier.amount if modifier.kind == "add" else round_half_up(max(0, ratio), modifier.amount)

"""Literals: amounts, ratios, bands, changes."""

from __future__ import annotations

from bureau.kernel.money import format_ratio, format_yuan
from bureau.policy.rules import layout, literals
from bureau.policy.rules.documents import (
    Value,
)
from bureau.policy.rules.faults import fail
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.source import Node
from bureau.policy.terms import Unit

BAND_KEYS = ("to", "ratio")


def read_value(node: Node, mechanism: Mechanism, name: str) -> tuple[Value, str]:
    """A literal as the number that it means, with its text."""
    if node.items is not None:
        if mechanism.unit is not Unit.BANDS:
            raise fail("policy.unit", node.place, f"“{name}”不是分段参数。")
        bands = _bands(node)
        return bands, "；".join(_band_text(upper, share) for upper, share in bands)
    text = node.scalar()
    if text == literals.NONE and mechanism.none is not None:
        return (() if mechanism.unit is Unit.BANDS else mechanism.none), text
    value = literals.words(text, mechanism.words) if mechanism.words else _READERS.get(mechanism.unit, _nothing)(text)
    if value is None:
        if mechanism.unit is Unit.RATIO and literals.is_beyond_whole(text):
            raise fail("policy.ratio", node.place, f"“{name}”的值“{text}”超过 100%，请核对文件。")
        raise fail("policy.unit", node.place, f"“{name}”的值“{text}”写法或单位不对，应为{mechanism.unit.label}。")
    return value, text


def _nothing(_: str) -> None:
    return None


def _yes_no(text: str) -> int | None:
    return {"yes": 1, "no": 0}.get(text)


_READERS = {
    Unit.MONEY: literals.money,
    Unit.RATIO: literals.ratio,
    Unit.FLAG: _yes_no,
    Unit.MONTHS: literals.months,
    Unit.YEAR: literals.year,
    Unit.DAY_OF_YEAR: literals.day_of_year,
    Unit.PART: literals.part,
}


def _bands(node: Node) -> tuple[tuple[int, int], ...]:
    bands: list[tuple[int, int]] = []
    for item in node.list():
        item.mapping(*BAND_KEYS)
        limit, share = item.child("to").scalar(), literals.ratio(item.child("ratio").scalar())
        upper = layout.UNLIMITED if limit == literals.NONE else literals.money(limit)
        if upper is None or share is None:
            raise fail("policy.unit", item.place, "分段应写成 {to: 5万元, ratio: 60%}，最后一段 to: none。")
        if bands and upper <= bands[-1][0]:
            raise fail("policy.bands", item.place, "分段上限必须逐段升高。")
        bands.append((upper, share))
    if not bands or bands[-1][0] != layout.UNLIMITED:
        raise fail("policy.bands", node.place, "最后一段必须写 to: none。")
    if len(bands) > layout.MOST_BANDS:
        raise fail("policy.bands", node.place, f"最多 {layout.MOST_BANDS} 段。")
    return tuple(bands)


def _band_text(upper: int, share: int) -> str:
    limit = "以上部分" if upper == layout.UNLIMITED else f"至{format_yuan(upper)}"
    return f"{limit} {format_ratio(share)}"


def read_change(node: Node, mechanism: Mechanism) -> literals.Modifier:
    """What a modifier does to a value."""
    text = node.scalar()
    found: literals.Modifier | None = None
    if text == literals.NONE and mechanism.none is not None and mechanism.unit is not Unit.BANDS:
        found = literals.Modifier("set", mechanism.none)
    elif mechanism.unit is Unit.FLAG:
        flag = _yes_no(text)
        found = None if flag is None else literals.Modifier("set", flag)
    elif mechanism.unit in (Unit.RATIO, Unit.BANDS):
        found = literals.points(text) or literals.factor(text)
    elif mechanism.unit is Unit.MONEY:
        found = literals.change(text) or literals.factor(text)
    if found is None:
        raise fail("policy.unit", node.place, f"“{text}”不能修改“{mechanism.title}”，可写如 +5点、×50%、-300元、none。")
    return found

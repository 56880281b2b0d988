"""The rows and pooling areas of all packs, and the days on which anything begins or ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from bureau.policy.rules.compiling.building import Builder
from bureau.policy.rules.documents import CitySet, Pack, PoolArea, Row
from bureau.policy.rules.faults import Fault, PackError, Place
from bureau.policy.rules.mechanisms import CITY
from bureau.policy.terms import Dimension, Unit

_Dated = TypeVar("_Dated", Row, PoolArea)


def the_city(packs: Sequence[Pack]) -> CitySet:
    """The one city that the packs are for."""
    cities = [pack.city for pack in packs if pack.city is not None]
    if len(cities) == 1:
        return cities[0]
    place = cities[1].place if cities else Place(packs[0].document.place.file if packs else "?", 1)
    raise PackError([Fault("policy.city", place, "一套政策包必须有且只有一个文件写明“city”。")])


def gather(builder: Builder) -> None:
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


def _check_area(builder: Builder, number: int, area: PoolArea) -> None:
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

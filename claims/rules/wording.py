"""How the law's parameters are called on screens: names in Chinese, values with their unit, areas in relation. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bureau.kernel.trace import Source
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Relation, Unit

_LARGE = re.compile(r"\d{4,}(?=\.\d\d)")
_PLAIN = {"none": "不设", "yes": "是", "no": "否"}
_AMOUNT = re.compile(r"[0-9,]+\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Ground:
    """One line of 依据: what applies, where it is written, since when."""

    parameter: str
    value: str
    document: str
    place: str
    says: str
    since: date
    is_assumed: bool
    is_change: bool


def ground(rulebook: Rulebook, source: Source) -> Ground:
    """A source in the words of a caseworker."""
    is_change = source.role == "change"
    mechanism = next((row.mechanism for row in rulebook.rows if row.name == source.parameter), None)
    title = mechanism.title if mechanism else source.parameter
    unit = mechanism.unit if mechanism else None
    return Ground(
        parameter=f"{title}调整" if is_change else title,
        value=value(source.value, unit),
        document=source.document_title,
        place=source.at,
        says=source.says,
        since=date.fromisoformat(source.valid_from),
        is_assumed=source.assumed,
        is_change=is_change,
    )


def value(text: str, unit: Unit | None) -> str:
    """`200.00` → `200.00 元`, `none` → `不设`, `+5点` → `+5 个百分点`."""
    if text in _PLAIN:
        return _PLAIN[text]
    if unit is Unit.MONEY and _AMOUNT.fullmatch(text):
        return f"{grouped(text)} 元"
    return grouped(text).replace("点", " 个百分点")


def grouped(text: str) -> str:
    """Amounts in a sentence with their thousands separated."""
    return _LARGE.sub(lambda match: f"{int(match[0]):,}", text)


def relation(rulebook: Rulebook, *, insured_area: str, care_area: str, on: date) -> Relation:
    """How the area of care lies to that of the insurance, by the pooling areas of that day."""
    pool = rulebook.pool_of(insured_area, on)
    if pool is not None and pool == rulebook.pool_of(care_area, on):
        return Relation.SAME_POOL
    return Relation.SAME_PROVINCE if care_area[:2] == insured_area[:2] else Relation.OTHER_PROVINCE

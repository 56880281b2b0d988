"""How the law is said on screens: parameters, labels and values in Chinese. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from bureau.kernel.money import format_ratio, format_yuan
from bureau.policy.rules import layout, literals
from bureau.policy.rules.documents import PoolArea, Row
from bureau.policy.rules.labels import vocabulary
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.vocabulary import DIMENSIONS, MECHANISMS
from bureau.policy.terms import Dimension, Unit

NOTHING = "—"
NOT_COVERED = "不予支付"
UNLIMITED = "不设"
EVERYBODY = "全部"
EACH_TIME = "每次单独计算"
_NONE = {"ratio": NOT_COVERED}
# A modifier changes yearly limits and limits per claim alike.
_CHANGED = {"limit": "待遇限额"}


def title_of(row: Row) -> str:
    """The name of a row's parameter, or of what it changes, in Chinese."""
    if row.modifier is not None:
        return f"调整·{_CHANGED.get(row.mechanism.key, row.mechanism.title)}"
    return title(row.name, row.mechanism)


def title(name: str, mechanism: Mechanism) -> str:
    """`outpatient.ratio` → 普通门诊·报销比例."""
    family = vocabulary().families.get(name.partition(".")[0])
    return f"{family}·{mechanism.title}" if family and name in MECHANISMS else mechanism.title


def value_of(row: Row) -> str:
    """A row's value with its unit: `200.00 元`, `50%`, `+5 个百分点`, `不设`."""
    if row.modifier is not None and row.modifier.kind == "times":
        return row.literal
    if row.modifier is not None and row.modifier.kind == "add":
        size = abs(row.modifier.amount)
        said = f"{format_yuan(size, grouped=True)} 元" if row.mechanism.unit is Unit.MONEY else _points(size)
        return ("+" if row.modifier.amount > 0 else "−") + said
    if isinstance(row.value, tuple):
        return bands(row.value)
    if isinstance(row.value, str):
        return accumulated(row.value)
    return value(row.mechanism, row.value)


def value(mechanism: Mechanism, number: int) -> str:
    """A compiled number with its unit."""
    if mechanism.unit is Unit.MONEY:
        return UNLIMITED if number in (layout.UNLIMITED, mechanism.none) else f"{format_yuan(number, grouped=True)} 元"
    if mechanism.unit is Unit.RATIO:
        if number == mechanism.none:
            return _NONE.get(mechanism.key, UNLIMITED)
        return format_ratio(number)
    if mechanism.unit is Unit.FLAG:
        return "是" if number else "否"
    if mechanism.unit is Unit.WORDS:
        return "、".join(vocabulary().words[word] for word in literals.words_of(number, mechanism.words))
    if mechanism.unit is Unit.DAY_OF_YEAR:
        return f"{number // 100}月{number % 100}日"
    return {Unit.MONTHS: f"{number} 个月", Unit.YEAR: f"{number} 年", Unit.PART: f"1/{number}"}.get(
        mechanism.unit, str(number)
    )


def bands(pairs: Sequence[tuple[int, int]]) -> str:
    """Bands as people say them: 至 50,000.00 元 60%；以上 70%."""
    said = []
    for upper, share in pairs:
        limit = "以上" if upper == layout.UNLIMITED else f"至 {format_yuan(upper, grouped=True)} 元"
        said.append(f"{limit} {format_ratio(share)}")
    return "；".join(said) or UNLIMITED


def accumulated(pool: str) -> str:
    """What counts into one pool over the year."""
    return f"全年合并累计（{pool}）"


def days(valid_from: date, valid_until: date | None) -> str:
    """2023-01-01 起, or 2023-01-01 至 2023-12-31 (both days included)."""
    if valid_until is None:
        return f"{valid_from} 起"
    return f"{valid_from} 至 {valid_until - timedelta(days=1)}"


def cells(labels: Mapping[str, Sequence[str]], areas: Iterable[PoolArea] = ()) -> str:
    """To whom and what a row applies: 职工医保·普通门诊、药店购药·三级.

    A dimension that is named whole says nothing and is left out; 全部 where nothing is left. Pooling areas that are
    not among `areas` (a document by itself knows none) are called as the packs write them.
    """
    pools = {area.name: area.title for area in areas}
    said = []
    for dimension in Dimension:
        chosen = labels.get(dimension.value, ())
        if dimension is Dimension.POOL:
            names = [pools.get(code, code) for code in chosen]
        elif set(chosen) >= set(DIMENSIONS[dimension.value][1]):
            continue
        else:
            names = [label(dimension, code) for code in chosen]
        if names:
            said.append("、".join(names))
    return "·".join(said) or EVERYBODY


def label(dimension: str, code: str) -> str:
    """The Chinese name of a label."""
    return vocabulary().dimensions[dimension].labels[code].name


def _points(size: int) -> str:
    return f"{format_ratio(size).removesuffix('%')} 个百分点"

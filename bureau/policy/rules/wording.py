"""Rows and cells of the packs in the words of the screens: labels, days, values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme, Term
from bureau.policy.rules.documents import Row
from bureau.policy.rules.rulebook import literal_text
from bureau.policy.rules.vocabulary import DIMENSIONS
from bureau.policy.terms import Dimension, Relation

_TERMS: Mapping[str, type[Term]] = MappingProxyType(
    {
        Dimension.SCHEME.value: Scheme,
        Dimension.EMPLOYMENT.value: Employment,
        Dimension.CARE.value: Care,
        Dimension.LEVEL.value: Level,
        Dimension.RELATION.value: Relation,
        Dimension.RELIEF.value: ReliefCategory,
    }
)
_WORDS = MappingProxyType(
    {
        (Dimension.FILING.value, "yes"): "已备案",
        (Dimension.FILING.value, "no"): "未备案",
        (Dimension.SIGNED.value, "yes"): "已签约",
        (Dimension.SIGNED.value, "no"): "未签约",
        (Dimension.CHRONIC_COUNT.value, "0"): "无慢性病认定",
        (Dimension.CHRONIC_COUNT.value, "1"): "一个病种",
        (Dimension.CHRONIC_COUNT.value, "2+"): "两个病种以上",
        (Dimension.REGISTERED_POOR.value, "yes"): "建档立卡",
        (Dimension.REGISTERED_POOR.value, "no"): "非建档立卡",
    }
)
_VALUES = MappingProxyType({"none": "不设", "yes": "是", "no": "否"})
EVERYONE = "全部"


def label(dimension: str, code: str) -> str:
    """三级, 已备案; the name of a pooling area is shown as the packs write it."""
    if dimension in _TERMS:
        return _TERMS[dimension].label_of(code)
    return _WORDS.get((dimension, code), code)


def labels(named: Mapping[str, Iterable[str]]) -> str:
    """职工医保 · 在职 · 三级; a dimension that names all its labels is left out."""
    parts = []
    for dimension in Dimension:
        codes = tuple(named.get(dimension.value, ()))
        is_whole = dimension is not Dimension.POOL and set(codes) >= set(DIMENSIONS[dimension.value][1])
        if codes and not is_whole:
            parts.append("、".join(label(dimension.value, code) for code in codes))
    return " · ".join(parts) or EVERYONE


def value(text: str) -> str:
    """A value as `value_text` gives it, in Chinese where it is a word."""
    return _VALUES.get(text, text)


def value_of(row: Row) -> str:
    """The same for a row of a document."""
    return value(literal_text(row))


def days(valid_from: date, valid_until: date | None) -> str:
    """2023-01-01 起, or 2023-01-01 至 2023-12-31 (both days included)."""
    if valid_until is None:
        return f"{valid_from} 起"
    return f"{valid_from} 至 {valid_until - timedelta(days=1)}"

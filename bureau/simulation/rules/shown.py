"""A kept report as the pages show it: differences, shares, months of reserve. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bureau.simulation.terms import Part

LAYERS = (
    ("pooled", "统筹基金"),
    ("major", "大病保险"),
    ("assistance", "医疗救助"),
    ("burden", "个人负担"),
)
DIMENSIONS = (
    ("county", "区县"),
    ("scheme", "险种"),
    ("care", "医疗类别"),
    ("level", "机构等级"),
    ("relief", "救助身份"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """An amount under both laws, in fen."""

    label: str
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before

    @property
    def percent(self) -> str:
        """The change in percent of before, with two decimals."""
        if self.before == 0:
            return "—"
        hundredths = (abs(self.change) * 10_000 + self.before // 2) // self.before
        sign = "+" if self.change > 0 else "−" if self.change < 0 else ""
        return f"{sign}{hundredths // 100}.{hundredths % 100:02d}%"


def layers(line: Mapping[str, Any]) -> list[Pair]:
    """Who bears a group's bills."""
    return [Pair(label, line["before"][key], line["after"][key]) for key, label in LAYERS]


def parts(line: Mapping[str, Any]) -> list[Pair]:
    """Where what is eligible goes; the parts add up to it."""
    return [Pair(part.label, line["before"][part.value], line["after"][part.value]) for part in Part]


def benefits(line: Mapping[str, Any]) -> Pair:
    """What all funds pay of a group."""
    sums = {side: sum(line[side][key] for key, _ in LAYERS[:3]) for side in ("before", "after")}
    return Pair(line["label"], sums["before"], sums["after"])


@dataclass(frozen=True, slots=True)
class Reserve:
    """For how many months a fund's reserve lasts, in tenths; None where no reserve was entered or nothing is spent."""

    pair: Pair
    reserve: int | None
    months_before: str
    months_after: str


def reserves(funds: list[dict[str, Any]], entered: Mapping[str, int], months: int) -> list[Reserve]:
    """可支付月数 = 累计结余 ÷ (期间支出 ÷ 期间月数)."""
    found = []
    for fund in funds:
        reserve = entered.get(fund["code"])
        texts = [_months(reserve, fund[side], months) for side in ("before", "after")]
        found.append(Reserve(Pair(fund["label"], fund["before"], fund["after"]), reserve, *texts))
    return found


def _months(reserve: int | None, spent: int, months: int) -> str:
    if reserve is None or spent == 0:
        return "—"
    tenths = (reserve * months * 10 + spent // 2) // spent
    return f"{tenths // 10}.{tenths % 10}"

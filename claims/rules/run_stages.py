"""The month's settlement as five stations, for the eye: 取数 → 计算 → 封存 → 审批 → 拨付. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from claims.terms import SettlementStage

_REACHED = {
    SettlementStage.COMPUTING.value: 1,
    SettlementStage.SEALED.value: 3,
    SettlementStage.APPROVED.value: 4,
    SettlementStage.PAYING.value: 5,
}


@dataclass(frozen=True, slots=True)
class Station:
    """One station: done, now, bad, or empty where it is still to come."""

    name: str
    state: str
    note: str


def stepper(
    *, stage: str, has_failed: bool, opened: str, frozen: int | None, computed: str, sealed: str, approved: str
) -> list[Station]:
    """Who did what when, station by station."""
    notes = (
        ("取数", f"{opened}{'' if frozen is None else f' · 冻结 {frozen:,} 张'}"),
        ("计算", computed),
        ("封存", sealed),
        ("审批", approved),
        ("拨付", "付款清单已导出" if stage == SettlementStage.PAYING else ""),
    )
    reached = _REACHED[stage]
    return [
        Station(name, _state(number, reached, has_failed=has_failed), note) for number, (name, note) in enumerate(notes)
    ]


def _state(number: int, reached: int, *, has_failed: bool) -> str:
    if number < reached:
        return "done"
    if number > reached:
        return ""
    return "bad" if has_failed and number == 1 else "now"

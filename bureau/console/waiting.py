"""What waits for the signed-in person: each app says for its own desks what, how many and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from bureau.console import access
from bureau.organization.terms import Duty


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of 待办: 「3 待复核名单 · 最早 5月4日交入」 with its button."""

    count: int
    title: str
    url: str
    button: str
    detail: str = ""
    is_urgent: bool = False


Ask = Callable[[HttpRequest], Iterable[Waiting]]

_sources: list[tuple[int, tuple[Duty, ...], Ask]] = []


def register(ask: Ask, *duties: Duty, order: int = 50) -> None:
    """Ask `ask(request)` for people with one of `duties`; lines with a count of zero are not shown."""
    _sources.append((order, duties, ask))
    _sources.sort(key=lambda source: source[0])


def for_request(request: HttpRequest) -> list[Waiting]:
    """All lines, urgent ones first."""
    lines = [line for _, duties, ask in _sources if access.may(request, *duties) for line in ask(request) if line.count]
    return sorted(lines, key=lambda line: not line.is_urgent)


_NOTHING = {
    Duty.COUNTER: "受理从查人开始：按 / 键，读卡或输入证件号。",
    Duty.RELIEF: "民政、乡村振兴、残联的名单收到后，从“名单导入”交入。",
    Duty.RELIEF_CHECK: "名单的异常处理完后，会到您这里复核。",
    Duty.FINANCE: "月度费用核算完毕后，可从“结算批次”开始结算。",
    Duty.FINANCE_APPROVAL: "结算封存后，会到您这里审批。",
    Duty.POLICY: "政策有变动时，从“政策起草”依据现行发布起草。",
    Duty.POLICY_CHECK: "政策送审后，会到您这里逐处核对、发布。",
    Duty.LEADER_COUNTY: "您的岗位没有需要办理的事项，本区县情况见下方。",
    Duty.LEADER_CITY: "您的岗位没有需要办理的事项，全市情况见下方。",
    Duty.AUDIT: "您的岗位只读：单据、结算单、账簿和操作日志均可查看。",
}


def nothing(request: HttpRequest) -> str:
    """Why nothing waits, in words for the first duty that has some."""
    said = [sentence for duty, sentence in _NOTHING.items() if access.may(request, duty)]
    return said[0] if said else "轮到您办理的事项会出现在这里。"

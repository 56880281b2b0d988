"""The cockpit of the month's settlement: start, watch, mend, approve, export."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureau.console import access, history
from bureau.console.attachments import CSV, attachment
from bureau.console.lists import page_of
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.organization.selectors import scope
from bureau.organization.terms import Duty
from bureau.policy.selectors import rulesets
from bureau.trail import selectors as trail
from bureau.trail.terms import RunStage
from claims.models import SettlementRun
from claims.rules import approval
from claims.rules.run_stages import stepper
from claims.selectors import cockpit, settlements
from claims.services import settlement
from claims.terms import SettlementStage
from claims.views import SETTLEMENT_READERS
from institutions.selectors import directory

ROWS_PER_PAGE = 100


@access.desk(*SETTLEMENT_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The months with their sums, and what waits to be settled."""
    context = {
        "title": "结算批次",
        "page": page_of(request, cockpit.runs(access.staff(request)), per_page=24),
        "waiting": cockpit.waiting_months(),
        "may_start": access.may(request, Duty.FINANCE),
        "is_city": scope.is_city(access.staff(request)),
    }
    return render(request, "claims/settlements.html", context)


@access.desk(Duty.FINANCE)
def start(request: HttpRequest) -> HttpResponse:
    """The page before a month is frozen; it repeats what and how much."""
    if request.method == "POST":
        run = settlement.open_month(month=request.POST.get("month", ""), by=access.staff(request))
        messages.info(request, f"已开始 {run.month} 月结算。")
        return redirect("claims:settlement", month=run.month)
    waiting = cockpit.waiting_months()
    month = request.GET.get("month") or (waiting[0].month if waiting else "")
    taken = [line for line in waiting if line.month <= month]
    received, in_trouble = cockpit.uncomputed(month) if month else (0, 0)
    rulebook = rulesets.rulebook_in_force()
    deposit = cockpit.deposit_rule(rulebook, month) if month else None
    context = {
        "title": f"开始 {month} 月结算" if month else "开始月结算",
        "month": month,
        "what": f"冻结 {month} 及以前已核算而未结算的单据 {sum(line.claims for line in taken):,} 张，"
        "按机构计算结算单并封存。",
        "facts": [
            ("单据", "；".join(f"{line.month}：{line.claims:,} 张" for line in taken) or "没有"),
            ("医疗费总额", f"{format_yuan(sum(line.total for line in taken), grouped=True)} 元"),
            ("未核算的单据", f"{received:,} 张，不进入本月"),
            ("不能核算的人年", f"{in_trouble:,} 个"),
            ("质量保证金", f"{deposit.text}{'（假定值）' if deposit.assumed else ''}，{deposit.at}" if deposit else ""),
            ("政策指纹", rulebook.sha256[:12]),
        ],
        "warning": "开始以后，本月单据不再改动；此后重算只产生差额，在以后的月份结算。",
        "button": "开始结算",
        "back_url": reverse("claims:settlements"),
    }
    return render(request, "claims/settlement_start.html", context)


@access.desk(*SETTLEMENT_READERS)
def show(request: HttpRequest, month: str) -> HttpResponse:
    """One month: where it stands, institution by institution, what is wrong, what moved."""
    run = _run(month)
    by = access.staff(request)
    rows, previous = cockpit.rows(run, by=by)
    rulebook = rulesets.rulebook(run.policy_sha256)
    context = {
        **_state(request, run, frozen=run.frozen),
        "title": f"{run.month} 月结算",
        "rows": rows,
        "page": page_of(request, rows, per_page=ROWS_PER_PAGE),
        "sums": cockpit.sums(row.settlement for row in rows),
        "funds": cockpit.by_fund(run, by=by),
        "previous": previous,
        "top_changes": cockpit.top_changes(rows),
        "is_city": scope.is_city(by),
        "deposit": cockpit.deposit_rule(rulebook, run.month),
        "tier": cockpit.tier_rule(rulebook, run.month),
        "seats": _seats(request, run),
        "may_export": access.may(request, Duty.CASHIER),
    }
    return render(request, "claims/settlement.html", context)


@access.desk(*SETTLEMENT_READERS)
def tell(request: HttpRequest, month: str) -> HttpResponse:
    """What happened to a month, with the head of the log's chain: the page that is printed and kept."""
    run = _run(month)
    context = {
        "title": f"{run.month} 月结算的经过",
        "run": run,
        "actions": history.of(run, key=run.month),
        "chain_head": trail.chain_head(),
        "printed_by": access.staff(request),
        "printed_at": timezone.localtime(),
    }
    return render(request, "claims/settlement_history.html", context)


@access.desk(*SETTLEMENT_READERS)
def progress(request: HttpRequest, month: str) -> HttpResponse:
    """The live block of a month that is being computed."""
    run = _run(month)
    state = _state(request, run, frozen=run.frozen)
    return render(request, "claims/parts/run_progress.html", {**state, "is_news": not state["is_live"]})


@require_POST
@access.desk(Duty.FINANCE)
def retry(request: HttpRequest, month: str) -> HttpResponse:
    """Give the failed institutions another chance, after what was wrong has been mended."""
    run = settlement.open_month(month=_run(month).month, by=access.staff(request))
    messages.info(request, "失败的步骤已重新排入计算。")
    return redirect("claims:settlement", month=run.month)


@access.desk(*approval.APPROVERS)
def approve(request: HttpRequest, month: str) -> HttpResponse:
    """The page of who approves, first or second: the counts, the sums and the seal once more, then the deed."""
    run = _run(month)
    by = access.staff(request)
    if request.method == "POST":
        if request.POST.get("seal") != run.seal_sha256:
            raise BusinessError("claims.seal_seen", "您看到的不是现在封存的结算，请返回核对后再审批。")
        approved = settlement.approve(run=run, by=by)
        missing = settlements.seats(approved).missing
        messages.info(
            request,
            f"您已审批 {run.month} 月结算，还需 {missing} 人审批后记账。"
            if missing
            else f"已审批 {run.month} 月结算，凭证已记账，付款单已生成。",
        )
        return redirect("claims:settlement", month=run.month)
    sums = cockpit.sums_of(cockpit.statements(by, run=run))
    seats = settlements.seats(run)
    effect = "审批后记账并生成付款单" if seats.missing == 1 else "还须另一人审批，之后记账并生成付款单"
    context = {
        "title": f"审批 {run.month} 月结算",
        "run": run,
        "what": f"审批 {run.month} 月结算：{sums.institutions} 家机构，{sums.claims:,} 张单据，"
        f"实付 {format_yuan(sums.payable, grouped=True)} 元。{effect}，不能撤回。",
        "facts": [
            ("应付", f"{format_yuan(sums.due, grouped=True)} 元"),
            ("扣款", f"{format_yuan(sums.deducted, grouped=True)} 元"),
            ("预留质量保证金", f"{format_yuan(sums.withheld, grouped=True)} 元"),
            ("实付", f"{format_yuan(sums.payable, grouped=True)} 元"),
            *(
                (fund.label, f"实付 {format_yuan(fund.payable, grouped=True)} 元")
                for fund in cockpit.by_fund(run, by=by)
            ),
            ("经办人", str(run.opened_by)),
            ("审批人", _who_approves(run, seats)),
            ("封存指纹", run.seal_sha256),
        ],
        "button": f"审批 {run.month} 月结算",
        "back_url": reverse("claims:settlement", args=[run.month]),
        "sentence": _sentence(request, run, seats),
    }
    return render(request, "claims/settlement_approve.html", context)


@require_POST
@access.desk(Duty.CASHIER)
def payments(request: HttpRequest, month: str) -> HttpResponse:
    """The sealed payment list, byte for byte."""
    run = _run(month)
    text = settlement.export_payments(run=run, by=access.staff(request))
    return attachment(text, name=f"payments-{run.month}.csv", kind=CSV)


def _run(month: str) -> Any:
    run = cockpit.run_of(month)
    if run is None:
        raise Http404("这个月还没有开始结算。")
    return run


def _state(request: HttpRequest, run: SettlementRun, *, frozen: int | None) -> dict[str, Any]:
    """Where the run stands: what the whole page and its live block share."""
    counted = cockpit.progress(run)
    failed = cockpit.failed(run) if counted.failed else []
    known = directory.by_codes(code for code, _ in failed)
    by = access.staff(request)
    seen = [
        (code, known.get(code), reason)
        for code, reason in failed
        if scope.is_city(by) or (code in known and known[code].area_id.startswith(by.area.prefix if by.area else "-"))
    ]
    is_computing = run.stage == SettlementStage.COMPUTING and run.run.stage == RunStage.OPEN
    return {
        "run": run,
        "counted": counted,
        "failed": seen,
        "is_live": is_computing,
        "steps": stepper(
            stage=run.stage,
            has_failed=bool(counted.failed),
            opened=f"{run.opened_by} {_time(run.opened_at)}",
            frozen=frozen,
            computed=f"{counted.done} / {counted.steps} 家机构",
            sealed=f"{_time(run.sealed_at)} 指纹 {run.seal_sha256[:12]}" if run.sealed_at else "",
            approved=f"{run.approved_by} {_time(run.approved_at)}" if run.approved_at else "",
        ),
        "may_retry": access.may(request, Duty.FINANCE),
    }


def _time(moment: Any) -> str:
    return timezone.localtime(moment).strftime("%m-%d %H:%M") if moment else ""


def _who_approves(run: SettlementRun, seats: settlements.Seats) -> str:
    """How many it takes and why, and who has."""
    signed = "、".join(signed.name for signed in seats.taken)
    why = f"（实付满 {format_yuan(run.second_approval_from, grouped=True)} 元须两人）"
    return f"共需 {seats.needed} 人{why}" + (f"，{signed}已审批" if signed else "")


def _sentence(request: HttpRequest, run: SettlementRun, seats: settlements.Seats) -> str:
    """Why this person cannot approve now; empty when they can."""
    by = access.staff(request)
    if run.stage == SettlementStage.COMPUTING:
        return "计算完成并封存后，由财务审批岗审批。"
    if run.stage != SettlementStage.SEALED:
        return f"{run.month} 月结算已经审批，不再办理。"
    if run.opened_by_id == by.pk:
        return "您是本次结算的经办人，须由另一人审批。"
    if by.pk in {signed.by_id for signed in seats.taken}:
        return "您已审批，须由另一人再审批。"
    duties = approval.SEATS[seats.next]
    if not access.may(request, *duties):
        return f"待{'或'.join(duty.label for duty in duties)}岗的另一人审批。"
    return ""


def _seats(request: HttpRequest, run: SettlementRun) -> list[dict[str, Any]]:
    """The slots: who made it, and for each approver that it takes who it was or who is missing."""
    seats = settlements.seats(run)
    sentence = _sentence(request, run, seats)
    slots = [{"label": "经办人", "who": run.opened_by, "at": run.opened_at}]
    slots += [{"label": _seat_label(signed.seat), "who": signed.name, "at": signed.at} for signed in seats.taken]
    for seat in range(seats.next, seats.needed + 1):
        is_next = seat == seats.next
        slots.append(
            {
                "label": _seat_label(seat),
                "sentence": (sentence or "请核对金额与指纹后审批。") if is_next else "第一人审批后再审批。",
                "url": reverse("claims:settlement_approve", args=[run.month]) if is_next and not sentence else "",
                "button": "审批本月结算",
            }
        )
    if seats.needed == 1 and len(slots) == 2:
        slots[1]["label"] = "审批人"
    return slots


def _seat_label(seat: int) -> str:
    return {1: "第一审批人", 2: "第二审批人"}[seat]

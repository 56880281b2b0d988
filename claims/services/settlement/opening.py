"""A month is opened: its claims are frozen, and each institution becomes a step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.organization.selectors import areas
from bureau.organization.terms import Duty
from bureau.policy.selectors import rulesets
from bureau.trail.services import actions, runs
from bureau.trail.terms import RunStage
from claims.models import Adjustment, Claim, SettlementRun
from claims.selectors import settlements
from claims.services import freezing
from claims.services.settlement.duties import check_may
from claims.terms import AdjustmentStage, SettlementStage
from relief.services import statuses

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.trail.models import Run

JOB = "claims.settle_month"
DEPOSIT_RATE = "settlement.quality_deposit_rate"
SECOND_APPROVAL_FROM = "settlement.second_approval_from"
# A step takes well under a second; a few hints let several workers share the month.
HINTS = 4


@transaction.atomic
def open_month(*, month: str, by: Staff) -> SettlementRun:
    """Freeze the month and add a step per institution; a month that was opened before is continued.

    Any number of callers at once get the same run. What a person had to mend since then is tried again.
    """
    last_day = Month.parse(month).last_day
    check_may(by, Duty.FINANCE)
    run, _ = runs.open_run(job=JOB, period=month, by=by)
    run = runs.locked(run.pk)
    known = SettlementRun.objects.filter(month=month).first()
    if known is not None:
        return _continue(known, run)
    _refuse_out_of_order(month)
    rulebook = rulesets.rulebook_in_force()
    rate = rulebook.parameter(DEPOSIT_RATE, last_day).value
    second_from = rulebook.parameter(SECOND_APPROVAL_FROM, last_day).value

    settlement_run = SettlementRun.objects.create(
        month=month,
        run=run,
        area=areas.city_area(),
        deposit_rate=rate,
        second_approval_from=second_from,
        policy_sha256=rulebook.sha256,
        opened_by=by,
    )
    frozen = _freeze(settlement_run)
    statuses.mark_settled(care=settlements.latest_care(settlement_run))
    runs.add_steps(run, keys=_institutions_of(settlement_run))

    actions.record(
        action="claims.settlement.opened",
        subject_kind="settlement_run",
        subject_key=month,
        summary=f"开始 {month} 月结算，冻结单据 {frozen} 张。",
        detail={"claims": frozen, "deposit_rate": rate, "policy": rulebook.sha256},
        by=by,
    )
    _hint(run)
    return settlement_run


def _continue(settlement_run: SettlementRun, run: Run) -> SettlementRun:
    runs.reopen_failed(run)
    if run.stage == RunStage.OPEN:
        _hint(run)
    return settlement_run


def _hint(run: Run) -> None:
    for _ in range(HINTS):
        runs.start(JOB, run_id=run.pk)


def _refuse_out_of_order(month: str) -> None:
    if Month.parse(month).first_day > timezone.localdate():
        raise BusinessError("claims.month_ahead", f"{month} 还没有开始，不能结算。")
    later = SettlementRun.objects.filter(month__gt=month).order_by("month").first()
    if later is not None:
        raise BusinessError(
            "claims.month_passed", f"{later.month} 已经结算，{month} 不能再开；迟到的单据归入下一个未结算的月份。"
        )
    unsealed = SettlementRun.objects.filter(stage=SettlementStage.COMPUTING.value).first()
    if unsealed is not None:
        raise BusinessError("claims.month_unsealed", f"{unsealed.month} 月结算尚未封存，请先办完。")


def _freeze(settlement_run: SettlementRun) -> int:
    """Mark the claims with the version that holds now; from here on a re-run only makes differences."""
    freezing.close()
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, {"run": settlement_run.pk, "month": settlement_run.month})
        frozen: int = cursor.rowcount
    Adjustment.objects.filter(stage=AdjustmentStage.OPEN.value).update(settlement_run=settlement_run)
    return frozen


def _institutions_of(settlement_run: SettlementRun) -> set[str]:
    claims = Claim.objects.filter(settlement_run=settlement_run)
    differences = Adjustment.objects.filter(settlement_run=settlement_run, stage=AdjustmentStage.OPEN.value)
    return {
        *claims.order_by().values_list("institution__code", flat=True).distinct(),
        *differences.order_by().values_list("institution__code", flat=True).distinct(),
    }


_FREEZE = """
    UPDATE claims_claim claim
       SET stage = 'settled', settlement_run_id = %(run)s, settled_version = adjudication.version
      FROM claims_adjudication adjudication
     WHERE adjudication.claim_id = claim.id AND adjudication.is_current
       AND claim.stage = 'adjudicated' AND claim.received_month <= %(month)s
"""

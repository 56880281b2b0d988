"""The sealed payment list leaves for the bank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.funds.services import payments
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import scope, staff
from bureau.organization.terms import Duty
from bureau.trail.services import actions
from claims.models import SettlementRun
from claims.terms import SettlementStage

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@transaction.atomic
def export_payments(*, run: SettlementRun, by: Staff | None) -> str:
    """The sealed payment list, byte for byte, taken by the cashier; from now on it is on its way to the bank.

    It names the accounts of the whole city, so a county's cashier has no part in it.
    """
    if by is None or not staff.has_duty(by, Duty.CASHIER):
        raise BusinessError(
            "claims.duty", f"付款清单由“{Duty.CASHIER.label}”岗位导出，{by or '现在没有人'}不任此岗位。请由出纳办理。"
        )
    if not scope.is_city(by):
        raise BusinessError("claims.city_only", "付款清单含全市机构的账号，只能由市级导出。")
    run = SettlementRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if run.stage not in (SettlementStage.APPROVED, SettlementStage.PAYING):
        raise BusinessError("claims.not_approved", f"{run.month} 月结算还没有审批，不能导出付款清单。")

    payments.mark_exported(seal_sha256=run.seal_sha256, by=by)
    run.stage = SettlementStage.PAYING.value
    run.save(update_fields=["stage"])
    rows = payments.count(run.payment_list)

    actions.record(
        action="claims.payments.exported",
        subject_kind="settlement_run",
        subject_key=run.month,
        summary=f"导出 {run.month} 付款清单 {rows} 笔（含完整账号）。",
        detail={"sha256": run.seal_sha256, "rows": rows},
        by=by,
    )
    return run.payment_list

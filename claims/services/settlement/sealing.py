"""A month is sealed when its last step is done: statements and payment list under one digest."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from bureau.funds.services import payments
from bureau.kernel.terms import Fund
from bureau.trail.services import actions, runs
from bureau.trail.terms import RunStage
from claims.models import SettlementRun
from claims.rules import seal as digests
from claims.selectors import settlements
from claims.terms import SettlementStage


@transaction.atomic
def seal(run_id: int) -> SettlementRun:
    """Seal the month when every step is done; before that, and afterwards, this changes nothing."""
    run = runs.close_run(runs.locked(run_id))
    settlement_run = SettlementRun.objects.select_for_update(of=("self",)).select_related("opened_by").get(run=run)
    if run.stage != RunStage.DONE or settlement_run.stage != SettlementStage.COMPUTING:
        return settlement_run

    settlement_run.payment_list = payments.payment_list(_orders(settlement_run))
    settlement_run.seal_sha256 = digest(settlement_run)
    settlement_run.stage = SettlementStage.SEALED.value
    settlement_run.sealed_at = timezone.now()
    settlement_run.save(update_fields=["payment_list", "seal_sha256", "stage", "sealed_at"])

    actions.record(
        action="claims.settlement.sealed",
        subject_kind="settlement_run",
        subject_key=settlement_run.month,
        summary=f"封存 {settlement_run.month} 月结算，指纹 {settlement_run.seal_sha256[:12]}。",
        detail={"sha256": settlement_run.seal_sha256},
        by=settlement_run.opened_by,
    )
    return settlement_run


def digest(settlement_run: SettlementRun) -> str:
    """The fingerprint of statements and payment list, computed anew from the tables."""
    return digests.month_digest(
        month=settlement_run.month,
        deposit_rate=settlement_run.deposit_rate,
        statements=settlements.digests_of(settlement_run).items(),
        payment_list=settlement_run.payment_list,
    )


def _orders(settlement_run: SettlementRun) -> list[payments.OrderDraft]:
    """A payment per statement and fund, with the bank account as it is registered now."""
    return [
        payments.OrderDraft(
            reference=f"FK-{settlement.number.removeprefix('JS-')}-{fund}",
            fund=Fund(fund),
            month=settlement_run.month,
            area_code=settlement.area_id,
            payee_code=settlement.institution.code,
            payee_name=settlement.institution.name,
            bank_name=settlement.institution.bank_name,
            bank_account=settlement.institution.bank_account,
            amount=payable,
        )
        for settlement, fund, _, payable in settlements.amounts(settlement_run)
        if payable
    ]

"""Others approve what was sealed; with the last of them it is posted and ordered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger, payments
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.kernel.terms import Fund
from bureau.trail.services import actions
from claims.models import Approval, Settlement, SettlementRun
from claims.rules import approval
from claims.selectors import settlements
from claims.services.settlement.duties import check_may
from claims.services.settlement.sealing import digest
from claims.terms import SettlementStage

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@transaction.atomic
def approve(*, run: SettlementRun, by: Staff) -> SettlementRun:
    """Another person approves exactly what was sealed; with the last one needed, entries and payment orders are made.

    Large months need two (`claims.rules.approval`): until the second has come the month stays sealed.
    """
    check_may(by, *approval.APPROVERS)
    run = SettlementRun.objects.select_for_update(of=("self",)).select_related("opened_by").get(pk=run.pk)
    if run.stage in (SettlementStage.APPROVED, SettlementStage.PAYING):
        return run
    if run.stage != SettlementStage.SEALED:
        raise BusinessError("claims.not_sealed", f"{run.month} 月结算还没有封存，不能审批。")
    if run.opened_by_id == by.pk:
        raise BusinessError("claims.same_person", "结算的经办人不能审批自己的结算，请由另一人审批。")
    if digest(run) != run.seal_sha256:
        raise BusinessError("claims.seal_broken", f"{run.month} 月结算的内容与封存时不一致，不得审批，请立即报告。")
    seats = settlements.seats(run)
    if by.pk in {signed.by_id for signed in seats.taken}:
        return run
    check_may(by, *approval.SEATS[seats.next])

    Approval.objects.create(run=run, seat=seats.next, by=by, sha256=run.seal_sha256)
    if seats.missing == 1:
        _take_effect(run, by)

    actions.record(
        action="claims.settlement.approved",
        subject_kind="settlement_run",
        subject_key=run.month,
        summary=f"审批 {run.month} 月结算（第 {seats.next} 人，共需 {seats.needed} 人），"
        f"实付 {format_yuan(seats.payable, grouped=True)} 元。",
        detail={"sha256": run.seal_sha256, "seat": seats.next, "needed": seats.needed},
        by=by,
    )
    return run


def _take_effect(run: SettlementRun, by: Staff) -> None:
    """Enough have approved: what was sealed is posted and ordered."""
    run.stage = SettlementStage.APPROVED.value
    run.approved_by = by
    run.approved_at = timezone.now()
    run.approved_sha256 = run.seal_sha256
    run.save(update_fields=["stage", "approved_by", "approved_at", "approved_sha256"])
    ledger.post(
        [
            bookkeeping.statement(
                number=settlement.number,
                fund=Fund(fund),
                month=run.month,
                area_code=settlement.area_id,
                institution_name=settlement.institution.name,
                withheld=withheld,
                payable=payable,
            )
            for settlement, fund, withheld, payable in settlements.amounts(run)
            if withheld + payable
        ],
        by=by,
    )
    payments.create_orders(
        payments.orders_of_list(run.payment_list, month=run.month, areas=_areas_of(run)),
        seal_sha256=run.seal_sha256,
        made_by=run.opened_by,
        by=by,
    )


def _areas_of(run: SettlementRun) -> dict[str, str]:
    """Institution code → its area, for the orders of the sealed list."""
    return dict(Settlement.objects.filter(run=run).values_list("institution__code", "area_id"))

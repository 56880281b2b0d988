"""The month's settlement (decisions 12–16): freeze, compute an institution a step, seal, approve, export.

Everything is derived from business keys and the frozen claims, so a month gives the same seal wherever and however
often it is started, killed and started again.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Sum
from django.utils import timezone

from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger, payments
from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.kernel.periods import Month
from bureau.kernel.terms import Fund
from bureau.organization.selectors import areas, scope, staff
from bureau.organization.terms import Duty
from bureau.policy.selectors import rulesets
from bureau.trail.services import actions, runs
from bureau.trail.terms import RunStage
from claims.models import Adjustment, AdjustmentUse, Approval, Claim, Settlement, SettlementLine, SettlementRun
from claims.rules import approval
from claims.rules import seal as sealing
from claims.rules import statement as rules
from claims.selectors import settlements
from claims.services import freezing
from claims.terms import AdjustmentStage, SettlementStage
from institutions.selectors import directory
from relief.services import statuses

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bureau.organization.models import Staff
    from bureau.trail.models import Run, Step

JOB = "claims.settle_month"
DEPOSIT_RATE = "settlement.quality_deposit_rate"
SECOND_APPROVAL_FROM = "settlement.second_approval_from"
# A step takes well under a second; a few hints let several workers share the month.
HINTS = 4


# Open


@transaction.atomic
def open_month(*, month: str, by: Staff) -> SettlementRun:
    """Freeze the month and add a step per institution; a month that was opened before is continued.

    Any number of callers at once get the same run. What a person had to mend since then is tried again.
    """
    last_day = Month.parse(month).last_day
    _check_may(by, Duty.FINANCE)
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


def _check_may(by: Staff, *duties: Duty) -> None:
    if not staff.has_duty(by, *duties):
        wanted = "或".join(duty.label for duty in duties)
        raise BusinessError("claims.duty", f"{by}没有“{wanted}”岗位，不能办理月结算。")
    if not scope.covers(by, areas.city_area().code):
        raise BusinessError("claims.city_only", "月结算由市级办理。")


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


# Compute


def work(run_id: int, *, seconds: float | None = None) -> SettlementRun:
    """Compute institutions until none is free or the time is over, and seal the month if it is complete."""
    settlement_run = SettlementRun.objects.select_related("opened_by", "area").get(run_id=run_id)
    runs.work(run_id, lambda step: _compute(settlement_run, step), seconds=seconds)
    return seal(run_id)


def _compute(settlement_run: SettlementRun, step: Step) -> None:
    """One step: the statement of one institution, inside the step's transaction."""
    institution = directory.by_code(step.key)
    if institution is None:
        raise BusinessError("claims.institution_unknown", f"没有编码为 {step.key} 的定点医药机构。")
    differences = settlements.open_differences(settlement_run, institution.pk)
    statement = rules.compute(
        settlements.shares(settlement_run, institution.pk), differences, deposit_rate=settlement_run.deposit_rate
    )
    claim_count, total = settlements.frozen_claims(settlement_run, institution.pk)
    if claim_count == 0 and not statement.lines:
        return
    if statement.payable and not institution.bank_account:
        raise BusinessError("claims.no_bank_account", f"{institution.name}没有登记银行账号，不能付款，请先补登。")

    settlement = Settlement(
        run=settlement_run,
        number=f"JS-{settlement_run.month.replace('-', '')}-{institution.code}",
        institution=institution,
        area_id=_books_of(institution.area_id, settlement_run),
        claim_count=claim_count,
        total=total,
        due=statement.due,
        deducted=statement.deducted,
        withheld=statement.withheld,
        payable=statement.payable,
    )
    settlement.sha256 = _digest_of(settlement, statement, differences)
    _write(settlement, statement)


def _books_of(area_code: str, settlement_run: SettlementRun) -> str:
    """Whose statement it is: the institution's county, or the city where the institution lies outside it."""
    return area_code if area_code.startswith(settlement_run.area.prefix) else settlement_run.area_id


def _digest_of(settlement: Settlement, statement: rules.Statement, differences: Iterable[rules.Difference]) -> str:
    named = {item.key: (item.order[0], item.fund, item.scheme) for item in differences}
    claims = settlements.claims_digests(settlement.run, settlement.institution_id)
    return sealing.statement_digest(
        number=settlement.number,
        claim_count=settlement.claim_count,
        total=settlement.total,
        lines=[
            (line.fund, line.scheme, line.claim_count, line.due, line.deducted, line.withheld, line.payable)
            for line in statement.lines
        ],
        differences=[(*named[use.key], use.amount) for use in statement.uses],
        claims_digest=claims.get(settlement.institution_id, ""),
    )


def _write(settlement: Settlement, statement: rules.Statement) -> None:
    settlement.save(force_insert=True)
    SettlementLine.objects.bulk_create(
        SettlementLine(
            settlement=settlement,
            fund=line.fund,
            scheme=line.scheme,
            claim_count=line.claim_count,
            due=line.due,
            deducted=line.deducted,
            withheld=line.withheld,
            payable=line.payable,
        )
        for line in statement.lines
    )
    _use(settlement, statement)


def _use(settlement: Settlement, statement: rules.Statement) -> None:
    if not statement.uses:
        return
    keys = [use.key for use in statement.uses]
    owners = dict(Adjustment.objects.filter(pk__in=keys).values_list("pk", "area_id"))
    AdjustmentUse.objects.bulk_create(
        AdjustmentUse(adjustment_id=use.key, settlement=settlement, area_id=owners[use.key], amount=use.amount)
        for use in statement.uses
    )
    used_up = Adjustment.objects.filter(pk__in=keys).annotate(used=Sum("uses__amount")).filter(used=F("amount"))
    Adjustment.objects.filter(pk__in=list(used_up.values_list("pk", flat=True))).update(
        stage=AdjustmentStage.SETTLED.value
    )


# Seal


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
    return sealing.month_digest(
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
        for settlement, fund, _, payable in _amounts(settlement_run)
        if payable
    ]


def _amounts(settlement_run: SettlementRun) -> list[tuple[Settlement, str, int, int]]:
    """Statement, fund, withheld and payable, summed over the schemes."""
    statements = Settlement.objects.select_related("institution").filter(run=settlement_run).in_bulk()
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    by_number = {settlement.number: settlement for settlement in statements.values()}
    for line in SettlementLine.objects.filter(settlement__run=settlement_run):
        amounts = sums[statements[line.settlement_id].number, line.fund]
        amounts[0] += line.withheld
        amounts[1] += line.payable
    return [
        (by_number[number], fund, withheld, payable) for (number, fund), (withheld, payable) in sorted(sums.items())
    ]


# Approve and export


@transaction.atomic
def approve(*, run: SettlementRun, by: Staff) -> SettlementRun:
    """Another person approves exactly what was sealed; with the last one needed, entries and payment orders are made.

    Large months need two (`claims.rules.approval`): until the second has come the month stays sealed.
    """
    _check_may(by, *approval.APPROVERS)
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
    _check_may(by, *approval.SEATS[seats.next])

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
            for settlement, fund, withheld, payable in _amounts(run)
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

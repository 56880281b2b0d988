"""A step of a month: one institution's statement with its lines and the differences it takes in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Sum

from bureau.kernel.errors import BusinessError
from bureau.trail.services import runs
from claims.models import Adjustment, AdjustmentUse, Settlement, SettlementLine, SettlementRun
from claims.rules import seal as digests
from claims.rules import statement as rules
from claims.selectors import settlements
from claims.services.settlement.sealing import seal
from claims.terms import AdjustmentStage
from institutions.selectors import directory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bureau.trail.models import Step


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
    return digests.statement_digest(
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

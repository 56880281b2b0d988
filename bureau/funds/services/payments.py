"""Payment orders: made when a sealed settlement is approved, exported, then confirmed or returned by the bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from bureau.funds.documents import payment_file
from bureau.funds.models import PaymentOrder
from bureau.funds.rules import bookkeeping
from bureau.funds.services import ledger
from bureau.funds.terms import PaymentStage
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Fund
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """A payment that is wanted; `reference` comes from the business keys."""

    reference: str
    fund: Fund
    month: str
    area_code: str
    payee_code: str
    payee_name: str
    bank_name: str
    bank_account: str
    amount: int


def payment_list(drafts: Iterable[OrderDraft]) -> str:
    """The list that is sealed, approved and exported."""
    return payment_file.render(
        payment_file.PaymentLine(
            reference=draft.reference,
            fund_name=draft.fund.label,
            payee_code=draft.payee_code,
            payee_name=draft.payee_name,
            bank_name=draft.bank_name,
            bank_account=draft.bank_account,
            amount=draft.amount,
        )
        for draft in drafts
    )


def list_of_orders(seal_sha256: str) -> str:
    """The list as the orders of a seal give it; it must equal the sealed one."""
    return payment_file.render(
        payment_file.PaymentLine(
            reference=order.reference,
            fund_name=Fund.label_of(order.fund),
            payee_code=order.payee_code,
            payee_name=order.payee_name,
            bank_name=order.bank_name,
            bank_account=order.bank_account,
            amount=order.amount,
        )
        for order in PaymentOrder.objects.filter(seal_sha256=seal_sha256)
    )


def orders_of_list(sealed: str, *, month: str, areas: Mapping[str, str]) -> list[OrderDraft]:
    """The payments that a sealed list names, and nothing else; `areas` gives the area of each payee code."""
    funds = {fund.label: fund for fund in Fund}
    return [
        OrderDraft(
            reference=line.reference,
            fund=funds[line.fund_name],
            month=month,
            area_code=areas[line.payee_code],
            payee_code=line.payee_code,
            payee_name=line.payee_name,
            bank_name=line.bank_name,
            bank_account=line.bank_account,
            amount=line.amount,
        )
        for line in payment_file.read(sealed)
    ]


def count(sealed: str) -> int:
    """How many payments a sealed list names."""
    return len(payment_file.read(sealed))


@transaction.atomic
def create_orders(drafts: Sequence[OrderDraft], *, seal_sha256: str, made_by: Staff, by: Staff) -> list[PaymentOrder]:
    """The orders of a sealed list; `made_by` computed it, `by` approves. The table refuses one person for both."""
    if made_by.pk == by.pk:
        raise BusinessError("funds.same_person", "付款的经办人与审批人不得为同一人。")
    return PaymentOrder.objects.bulk_create(
        [
            PaymentOrder(
                reference=draft.reference,
                area_id=draft.area_code,
                month=draft.month,
                fund=draft.fund.value,
                payee_code=draft.payee_code,
                payee_name=draft.payee_name,
                bank_name=draft.bank_name,
                bank_account=draft.bank_account,
                amount=draft.amount,
                seal_sha256=seal_sha256,
                made_by_id=made_by.pk,
                approved_by_id=by.pk,
            )
            for draft in sorted(drafts, key=lambda draft: draft.reference)
        ],
        batch_size=1_000,
    )


@transaction.atomic
def mark_exported(*, seal_sha256: str, by: Staff) -> int:
    """The orders of a list that left the house by a third person; those already marked stay as they are."""
    waiting = PaymentOrder.objects.filter(seal_sha256=seal_sha256, stage=PaymentStage.ORDERED.value)
    if waiting.filter(Q(made_by=by) | Q(approved_by=by)).exists():
        raise BusinessError("funds.payer_is_third", "经办人和审批人不能导出付款清单，请由出纳办理。")
    return waiting.update(stage=PaymentStage.EXPORTED.value, paid_by=by)


@transaction.atomic
def confirm(reference: str, *, month: str, by: Staff) -> PaymentOrder:
    """The bank has paid the order: it is booked in `month`, once."""
    order = _exported(reference, by)

    order.stage = PaymentStage.CONFIRMED.value
    order.booked_by = by
    order.save(update_fields=["stage", "booked_by"])
    ledger.post(
        [
            bookkeeping.payment_confirmed(
                order_reference=order.reference,
                fund=Fund(order.fund),
                month=month,
                area_code=order.area_id,
                payee_name=order.payee_name,
                amount=order.amount,
            )
        ],
        by=by,
    )
    return order


@transaction.atomic
def send_back(reference: str, *, reason: str, by: Staff) -> PaymentOrder:
    """The bank could not pay the order: what is owed stays owed."""
    order = _exported(reference, by)

    order.stage = PaymentStage.RETURNED.value
    order.booked_by = by
    order.save(update_fields=["stage", "booked_by"])

    actions.record(
        action="funds.payment.returned",
        subject_kind="payment_order",
        subject_key=order.reference,
        summary=f"付款单 {order.reference} 被银行退回：{reason}",
        area_code=order.area_id,
        by=by,
    )
    return order


def _exported(reference: str, by: Staff) -> PaymentOrder:
    """The order under a lock, for whoever may book what became of it: neither who paid nor who approved."""
    expected = PaymentStage.EXPORTED
    order = PaymentOrder.objects.select_for_update(of=("self",)).filter(reference=reference).first()
    if order is None:
        raise BusinessError("funds.order_unknown", f"没有编号为 {reference} 的付款单。")
    if order.stage != expected:
        raise BusinessError(
            "funds.order_stage",
            f"付款单 {reference} 现为“{PaymentStage.label_of(order.stage)}”，须为“{expected.label}”才能办理。",
        )
    if by.pk in (order.paid_by_id, order.approved_by_id):
        raise BusinessError("funds.booker_paid", f"付款单 {reference} 由您审批或支付，银行回单须由另一人登记。")
    return order

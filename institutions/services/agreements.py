"""Sign, suspend, resume and terminate service agreements. Validity decides; the stage says why it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from institutions.models import Agreement
from institutions.services import designation
from institutions.terms import AgreementStage

if TYPE_CHECKING:
    from datetime import date

    from bureau.organization.models import Staff


@transaction.atomic
def sign(
    *, institution_id: int, number: str, signed_on: date, valid_from: date, valid_until: date | None = None, by: Staff
) -> Agreement:
    """Sign an agreement; an institution has one at a time."""
    institution = designation.locked(institution_id)
    if valid_until is not None and valid_until <= valid_from:
        raise BusinessError("institutions.date_order", f"到期日期 {valid_until} 不晚于生效日期 {valid_from}，请改正。")
    if Agreement.objects.filter(number=number).exists():
        raise BusinessError("institutions.number_taken", f"协议编号 {number} 已被使用，请换一个。")
    _refuse_second(institution.pk, valid_from, valid_until)

    agreement = Agreement.objects.create(
        institution=institution,
        number=number,
        area_id=institution.area_id,
        signed_on=signed_on,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    designation.record(institution, "institutions.agreement.signed", f"签订服务协议 {number}，{valid_from} 起", by)
    return agreement


@transaction.atomic
def suspend(*, agreement_id: int, valid_until: date, reason: str, by: Staff) -> Agreement:
    """Suspend from `valid_until` on; claims of earlier days stay payable."""
    return _end(agreement_id, valid_until, AgreementStage.SUSPENDED, reason, by)


@transaction.atomic
def terminate(*, agreement_id: int, valid_until: date, reason: str, by: Staff) -> Agreement:
    """Terminate from `valid_until` on."""
    return _end(agreement_id, valid_until, AgreementStage.TERMINATED, reason, by)


def _end(agreement_id: int, valid_until: date, stage: AgreementStage, reason: str, by: Staff) -> Agreement:
    found = Agreement.objects.filter(pk=agreement_id).first()
    if found is None:
        raise BusinessError("institutions.agreement_unknown", "没有这份协议，请重新查询。")
    institution = designation.locked(found.institution_id)
    agreement = Agreement.objects.select_for_update().get(pk=agreement_id)
    if valid_until <= agreement.valid_from or (
        agreement.valid_until is not None and valid_until > agreement.valid_until
    ):
        raise BusinessError(
            "institutions.date_outside", f"{valid_until} 不在协议有效期内（{agreement.valid_from} 起），请核对日期。"
        )
    if not reason.strip():
        raise BusinessError("institutions.reason_missing", f"{stage.label}须说明原因。")

    agreement.stage = str(stage)
    agreement.valid_until = valid_until
    agreement.save(update_fields=["stage", "valid_until"])
    designation.record(
        institution,
        f"institutions.agreement.{stage.value}",
        f"{stage.label} {agreement.number}，{valid_until} 起：{reason}",
        by,
        agreement=agreement.pk,
    )
    return agreement


def _refuse_second(institution_id: int, valid_from: date, valid_until: date | None) -> None:
    others = Agreement.objects.filter(institution_id=institution_id).exclude(valid_until__lte=valid_from)
    other = (others.filter(valid_from__lt=valid_until) if valid_until else others).first()
    if other is not None:
        raise BusinessError(
            "institutions.agreement_overlap",
            f"协议 {other.number} 自 {other.valid_from} 起有效，与本次时间重叠。请先办理终止。",
        )

"""Designate institutions and keep their entry true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Level
from bureau.organization.selectors.areas import known_areas
from bureau.trail.services import actions
from institutions.models import Institution
from institutions.terms import InstitutionKind

if TYPE_CHECKING:
    from bureau.organization.models import Staff

_LETTERS = {"H": InstitutionKind.HOSPITAL, "P": InstitutionKind.PHARMACY}


@transaction.atomic
def designate(
    *,
    code: str,
    name: str,
    level: Level,
    area_code: str,
    credit_code: str = "",
    bank_name: str = "",
    bank_account: str = "",
    contact: str = "",
    by: Staff,
) -> Institution:
    """Enter an institution; its code says what it is and where (H or P, region, sequence)."""
    identity.check_institution_code(code)
    kind = _LETTERS[code[0]]
    if (level == Level.PHARMACY) != (kind is InstitutionKind.PHARMACY):
        raise BusinessError(
            "institutions.level_of_kind", f"{kind.label}不能是“{Level.label_of(level)}”，请核对编码与等级。"
        )
    if code[1:7] != area_code[:6]:
        raise BusinessError(
            "institutions.code_area", f"机构编码的区划 {code[1:7]} 与所在区划 {area_code} 不符，请核对。"
        )
    if not known_areas([area_code]):
        raise BusinessError("institutions.area_unknown", f"区划代码 {area_code} 不在区划表中，请核对。")
    if credit_code:
        identity.check_credit_code(credit_code)
    if Institution.objects.filter(code=code).exists():
        raise BusinessError("institutions.already_designated", f"机构编码 {code} 已在名录中，请直接查询办理。")

    institution = Institution.objects.create(
        code=code,
        name=name.strip(),
        kind=str(kind),
        level=str(level),
        area_id=area_code,
        credit_code=credit_code,
        bank_name=bank_name,
        bank_account=bank_account,
        contact=contact,
    )
    record(institution, "institutions.designated", f"登记定点机构：{institution.name}", by)
    return institution


@transaction.atomic
def change_bank_account(
    *, institution_id: int, bank_name: str, bank_account: str, reason: str, by: Staff
) -> Institution:
    """Money goes to this account from now on."""
    institution = locked(institution_id)
    if not bank_account.strip():
        raise BusinessError("institutions.account_missing", "没有银行账号，请补填。")
    institution.bank_name = bank_name.strip()
    institution.bank_account = bank_account.strip()
    institution.save(update_fields=["bank_name", "bank_account"])
    record(
        institution,
        "institutions.bank_account_changed",
        f"变更收款账户（尾号 {bank_account.strip()[-4:]}）：{reason}",
        by,
    )
    return institution


def locked(institution_id: int) -> Institution:
    """The institution under its row lock: agreements and capabilities change one at a time."""
    institution = Institution.objects.select_for_update().filter(pk=institution_id).first()
    if institution is None:
        raise BusinessError("institutions.unknown", "没有这家机构，请重新查询。")
    return institution


def record(institution: Institution, action: str, summary: str, by: Staff, **detail: object) -> None:
    """One line of the action log about an institution."""
    actions.record(
        action=action,
        subject_kind="institution",
        subject_key=institution.code,
        summary=summary,
        detail=dict(detail),
        area_code=institution.area_id,
        by=by,
    )

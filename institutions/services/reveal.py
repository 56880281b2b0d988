"""Show the whole bank account of an institution: the reason is in the log before the account is read (decision 25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from institutions.models import Institution
from institutions.selectors import directory

if TYPE_CHECKING:
    from bureau.organization.models import Staff

MAY_REVEAL = (Duty.INSTITUTIONS, Duty.FINANCE, Duty.FINANCE_APPROVAL, Duty.AUDIT)


def reveal_account(*, code: str, reason: str, by: Staff) -> str:
    """The whole account. The log is written and committed first; where that fails, nothing is decrypted."""
    _log(code=code, reason=reason, by=by)
    return str(Institution.objects.values_list("bank_account", flat=True).get(code=code))


@transaction.atomic
def _log(*, code: str, reason: str, by: Staff) -> None:
    if not has_duty(by, *MAY_REVEAL):
        raise BusinessError("institutions.reveal_duty", "您的岗位不能查看完整账号。")
    institution = directory.visible_to(by).only("area_id").filter(code=code).first()
    if institution is None:
        raise BusinessError("institutions.unknown", "没有这家机构，或不在您的办理范围内。")
    reads.reveal(
        what="银行账号",
        subject_kind="institution",
        subject_key=code,
        reason=reason,
        screen="institution.bank_account",
        area_code=institution.area_id,
        by=by,
    )

"""Grant and withdraw what an institution may do; each capability stands alone (YX-39, YX-71)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from institutions.models import InstitutionCapability
from institutions.services import designation
from institutions.terms import Capability

if TYPE_CHECKING:
    from datetime import date

    from bureau.organization.models import Staff


@transaction.atomic
def grant(*, institution_id: int, capability: Capability, valid_from: date, by: Staff) -> InstitutionCapability:
    """Let an institution offer this from `valid_from` on."""
    institution = designation.locked(institution_id)
    standing = InstitutionCapability.objects.filter(institution=institution, capability=str(capability))
    if standing.exclude(valid_until__lte=valid_from).exists():
        raise BusinessError("institutions.capability_held", f"该机构已有{capability.label}资格，不能重复取得。")

    granted = InstitutionCapability.objects.create(
        institution=institution, capability=str(capability), area_id=institution.area_id, valid_from=valid_from
    )
    designation.record(
        institution, "institutions.capability.granted", f"取得{capability.label}资格，{valid_from} 起", by
    )
    return granted


@transaction.atomic
def withdraw(
    *, institution_id: int, capability: Capability, valid_until: date, reason: str, by: Staff
) -> InstitutionCapability:
    """Withdraw from `valid_until` on; what was done before stays valid."""
    institution = designation.locked(institution_id)
    granted = (
        InstitutionCapability.objects.select_for_update()
        .filter(institution=institution, capability=str(capability), valid_from__lt=valid_until)
        .exclude(valid_until__lte=valid_until)
        .first()
    )
    if granted is None:
        raise BusinessError("institutions.capability_not_held", f"该机构在 {valid_until} 没有{capability.label}资格。")

    granted.valid_until = valid_until
    granted.save(update_fields=["valid_until"])
    designation.record(
        institution, "institutions.capability.withdrawn", f"取消{capability.label}资格，{valid_until} 起：{reason}", by
    )
    return granted

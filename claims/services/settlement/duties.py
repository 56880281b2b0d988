"""Who has to do with a month's settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import areas, scope, staff

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.organization.terms import Duty


def check_may(by: Staff, *duties: Duty) -> None:
    if not staff.has_duty(by, *duties):
        wanted = "或".join(duty.label for duty in duties)
        raise BusinessError("claims.duty", f"{by}没有“{wanted}”岗位，不能办理月结算。")
    if not scope.covers(by, areas.city_area().code):
        raise BusinessError("claims.city_only", "月结算由市级办理。")

"""Who may write here: the system administrator keeps people and places, the security administrator their duties.

Nobody does so for himself. Only the installation acts without a person (`by` is None).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import scope
from bureau.organization.selectors.staff import has_duty

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.organization.terms import Duty


def check_may(by: Staff | None, duty: Duty, *, about: Staff | None = None) -> None:
    """Refuse who does not hold `duty`, and who would act on himself or on somebody of another area."""
    if by is None:
        return
    if not has_duty(by, duty):
        raise BusinessError("organization.duty", f"此项需由{duty.label}办理，{by}没有这个岗位。")
    if about is not None and about.pk == by.pk:
        raise BusinessError("organization.own_account", "不能办理自己的账号和岗位，请由他人办理。")
    if about is not None:
        check_reaches(by, about.area_id)


def check_reaches(by: Staff | None, *area_codes: str | None) -> None:
    """Refuse who would write in an area beyond the own: nobody appoints, or moves, people out of his reach."""
    if by is None:
        return
    beyond = [code for code in area_codes if code is not None and not scope.covers(by, code)]
    if beyond:
        raise BusinessError("organization.other_area", f"区划 {min(beyond)} 不在您的管辖范围内，请由上级办理。")


def check_city(by: Staff | None) -> None:
    """Refuse who is not of the city: what all counties share is the city's."""
    if by is not None and not scope.is_city(by):
        raise BusinessError("organization.city_only", "区划由市级维护，请联系市级系统管理员。")

"""The first day of an installation: the city, and the three administrators who appoint everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Staff
from bureau.organization.services import areas, staffing
from bureau.organization.terms import AreaLevel, Duty

if TYPE_CHECKING:
    from collections.abc import Mapping

ADMINISTRATORS = (Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL)


@transaction.atomic
def found(*, city_code: str, city_name: str, administrators: Mapping[Duty, tuple[str, str]]) -> dict[str, str]:
    """User name → the password with which each administrator comes in once; refused where anybody is there already.

    `administrators` names three people: user name and name for each of the three duties.
    """
    if set(administrators) != set(ADMINISTRATORS) or len({name for name, _ in administrators.values()}) < 3:
        raise BusinessError("organization.three_administrators", "系统、安全、审计管理员须为三个人，用户名各不相同。")
    if Staff.objects.exists():
        raise BusinessError("organization.founded", "已有工作人员，不能再次初始化；新的人员由系统管理员任用。")
    areas.load([(city_code, city_name, AreaLevel.CITY, None)], by=None)
    issued = {}
    for duty, (username, full_name) in administrators.items():
        staff = staffing.appoint(username=username, full_name=full_name, area_code=city_code, duties=[duty], by=None)
        issued[username] = staffing.issue_password(staff, by=None)
    return issued

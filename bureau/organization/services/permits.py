"""Who may write here: the system administrator keeps people and places, the security administrator their duties.

Nobody does so for himself. Only the installation acts without a person (`by` is None).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.organization.terms import Duty


def check_may(by: Staff | None, duty: Duty, *, about: Staff | None = None) -> None:
    """Refuse who does not hold `duty`, and who would act on himself."""
    if by is None:
        return
    if not has_duty(by, duty):
        raise BusinessError("organization.duty", f"此项需由{duty.label}办理，{by}没有这个岗位。")
    if about is not None and about.pk == by.pk:
        raise BusinessError("organization.own_account", "不能办理自己的账号和岗位，请由他人办理。")

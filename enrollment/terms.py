"""Words of the person's file."""

from __future__ import annotations

from bureau.kernel.terms import Term


class Gender(Term):
    MALE = "male", "男"
    FEMALE = "female", "女"


class RefusedCoverage(Term):
    """为什么这一天不能享受待遇。"""

    NOT_ENROLLED = "not_enrolled", "就医日未参保"
    DECEASED = "deceased", "就医日在死亡日期之后"

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


class Hidden(Term):
    """档案里平时只显示一部分的号码。"""

    ID_NUMBER = "id_number", "证件号"
    PHONE = "phone", "联系电话"

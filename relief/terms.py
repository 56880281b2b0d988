"""The words of relief: who sends lists, what a row means, what may be wrong with it (interfaces §3)."""

from __future__ import annotations

from bureau.kernel.terms import Term


class RosterSource(Term):
    """名单来源；在册名单按（来源，区划）比对（decision 8）。"""

    CIVIL_AFFAIRS = "civil_affairs", "民政"
    RURAL_AFFAIRS = "rural_affairs", "农业农村"
    DISABLED_FEDERATION = "disabled_federation", "残联"
    HEALTH = "health", "卫健"


class Verdict(Term):
    """一行名单与在册名单相比的结论；`held` 是不在册上却显然有一行无法识别的人，暂不退出 (decision 10)。"""

    NEW = "new", "新增"
    CHANGED = "changed", "变更"
    EXITED = "exited", "退出"
    UNCHANGED = "unchanged", "不变"
    ERROR = "error", "异常"
    HELD = "held", "暂缓退出"


class SettledHow(Term):
    """异常行怎样处理的。"""

    FIXED = "fixed", "已改正"
    SET_ASIDE = "set_aside", "已移出本批"


class RosterIssue(Term):
    """名单行的问题；提示不妨碍生效，其余使该行成为异常。"""

    ID_MISSING = "id_missing", "缺身份证号"
    ID_NUMERIC_CELL = "id_numeric_cell", "身份证号是数字格"
    ID_LENGTH = "id_length", "身份证号位数不对"
    ID_CHECKSUM = "id_checksum", "身份证号校验不符"
    ID_BIRTHDATE = "id_birthdate", "身份证号出生日期不实"
    ID_REGION = "id_region", "身份证号区划不实"
    CATEGORY_MISSING = "category_missing", "缺救助类别"
    CATEGORY_UNKNOWN = "category_unknown", "救助类别不认识"
    NAME_MISSING = "name_missing", "缺姓名"
    NAME_TOO_LONG = "name_too_long", "姓名过长"
    NAME_MISMATCH = "name_mismatch", "姓名与在册不符"
    DUPLICATE_IN_FILE = "duplicate_in_file", "本文件内重复"
    CONFLICTING_DUPLICATE = "conflicting_duplicate", "本文件内互相矛盾"
    DATE_INVALID = "date_invalid", "日期无效"
    DATE_ORDER = "date_order", "日期先后不合理"
    DECEASED = "deceased", "已故"
    OTHER_AREA = "other_area", "不属本区划"
    AREA_UNKNOWN = "area_unknown", "乡镇街道不认识"
    NOT_ENROLLED = "not_enrolled", "未参保"
    ENROLLED_ELSEWHERE = "enrolled_elsewhere", "在外地参保"
    PHONE_INVALID = "phone_invalid", "电话不像号码"
    ID_REPAIRED = "id_repaired", "身份证号已修补"
    ID_15_CONVERTED = "id_15_converted", "15 位身份证号已升位"
    NAME_REPAIRED = "name_repaired", "姓名已修补"

    @property
    def is_warning(self) -> bool:
        return self in _WARNINGS

    @property
    def blocks(self) -> bool:
        """Whether nobody knows whom the row means, or as what: such a row must be settled before confirmation."""
        return self in _BLOCKING


_WARNINGS = frozenset(
    {
        RosterIssue.NOT_ENROLLED,
        RosterIssue.ENROLLED_ELSEWHERE,
        RosterIssue.PHONE_INVALID,
        RosterIssue.ID_REPAIRED,
        RosterIssue.ID_15_CONVERTED,
        RosterIssue.NAME_REPAIRED,
    }
)
_BLOCKING = frozenset(
    {
        RosterIssue.ID_MISSING,
        RosterIssue.ID_NUMERIC_CELL,
        RosterIssue.ID_LENGTH,
        RosterIssue.ID_CHECKSUM,
        RosterIssue.ID_BIRTHDATE,
        RosterIssue.ID_REGION,
        RosterIssue.CATEGORY_MISSING,
        RosterIssue.CATEGORY_UNKNOWN,
        RosterIssue.NAME_MISMATCH,
        RosterIssue.CONFLICTING_DUPLICATE,
    }
)

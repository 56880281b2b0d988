"""Who works here: levels of area, kinds of office, duties."""

from __future__ import annotations

from bureau.kernel.terms import Term


class AreaLevel(Term):
    """行政区划层级 (WZ-47); `outside` is another city, where our people are treated too."""

    CITY = "city", "市级"
    COUNTY = "county", "县（市、区）"
    TOWN = "town", "乡镇（街道）"
    OUTSIDE = "outside", "市外"


class OfficeKind(Term):
    """行政部门与经办机构的权限不同 (CC-30)."""

    BUREAU = "bureau", "医疗保障局"
    AGENCY = "agency", "经办机构"
    TOWN_DESK = "town_desk", "便民服务中心"


class Duty(Term):
    """岗位；一人可兼多岗，不相容的岗位不得兼任。"""

    COUNTER = "counter", "综合柜员"
    RELIEF = "relief", "救助经办"
    RELIEF_CHECK = "relief_check", "救助复核"
    REVIEW_FIRST = "review_first", "初审"
    REVIEW_SECOND = "review_second", "复审"
    REVIEW_FINAL = "review_final", "终审"
    INSTITUTIONS = "institutions", "机构管理"
    FINANCE = "finance", "基金会计"
    FINANCE_APPROVAL = "finance_approval", "财务审批"
    CASHIER = "cashier", "出纳"
    POLICY = "policy", "政策管理"
    POLICY_CHECK = "policy_check", "政策复核"
    AUDIT = "audit", "稽核"
    LEADER_COUNTY = "leader_county", "县区领导"
    LEADER_CITY = "leader_city", "市级领导"
    TOWN = "town", "乡镇经办"
    SYSTEM = "system", "系统管理员"
    SECURITY = "security", "安全管理员"
    TRAIL = "trail", "审计员"

"""The demo's accounts: who works where and what for. They exist in local settings only."""

from __future__ import annotations

from typing import NamedTuple

from bureau.demo.areas import CITY, JIANGYOU, YOUXIAN
from bureau.organization.terms import Duty, OfficeKind

PASSWORD = "Yibao-demo-2023"  # noqa: S105 - printed by the demo and refused by production settings


class OfficeRow(NamedTuple):
    """One office of an area."""

    area_code: str
    name: str
    kind: OfficeKind


class Account(NamedTuple):
    """One member of staff; `look` tells a visitor what to see as this person."""

    username: str
    full_name: str
    office: OfficeRow
    duties: tuple[Duty, ...]
    look: str


def _office(area_code: str, name: str, kind: OfficeKind = OfficeKind.AGENCY) -> OfficeRow:
    return OfficeRow(area_code, name, kind)


def _county_staff(area_code: str, place: str, short: str, names: tuple[str, ...]) -> tuple[Account, ...]:
    window = _office(area_code, f"{short}医保经办窗口")
    relief = _office(area_code, f"{short}医疗救助股", OfficeKind.BUREAU)
    review = _office(area_code, f"{short}费用审核股")
    bureau = _office(area_code, f"{short}医疗保障局", OfficeKind.BUREAU)
    return (
        Account(f"clerk-{place}", names[0], window, (Duty.COUNTER, Duty.INSTITUTIONS), "个人档案、参保与机构"),
        Account(f"relief-{place}", names[1], relief, (Duty.RELIEF,), "名单导入：处理异常"),
        Account(f"relief-check-{place}", names[2], relief, (Duty.RELIEF_CHECK,), "名单导入：复核"),
        Account(f"review1-{place}", names[3], review, (Duty.REVIEW_FIRST,), "费用单据与计算过程"),
        Account(f"review2-{place}", names[4], review, (Duty.REVIEW_SECOND,), "费用单据与计算过程"),
        Account(f"leader-{place}", names[5], bureau, (Duty.LEADER_COUNTY,), "本区县总览"),
    )


_FINANCE = _office(CITY, "基金财务科")
_POLICY = _office(CITY, "待遇保障科", OfficeKind.BUREAU)
_SUPERVISION = _office(CITY, "基金监管科", OfficeKind.BUREAU)
_BUREAU = _office(CITY, "绵阳市医疗保障局", OfficeKind.BUREAU)
_SYSTEMS = _office(CITY, "信息科")

ACCOUNTS = (
    *_county_staff(YOUXIAN, "youxian", "游仙区", ("林知夏", "周以宁", "何清和", "唐书言", "许望舒", "秦致远")),
    *_county_staff(JIANGYOU, "jiangyou", "江油市", ("沈若溪", "罗思齐", "蒋明澈", "曾怀瑾", "邓听澜", "彭景行")),
    Account(
        "town-xiaojian",
        "范小满",
        _office("510704121", "小枧镇便民服务中心", OfficeKind.TOWN_DESK),
        (Duty.TOWN,),
        "本镇的人",
    ),
    Account("finance-city", "陆见微", _FINANCE, (Duty.FINANCE,), "结算批次：计算、封存"),
    Account("approve-city", "韩守正", _FINANCE, (Duty.FINANCE_APPROVAL,), "结算批次：审批；凭证"),
    Account("cashier-city", "温如玉", _FINANCE, (Duty.CASHIER,), "结算批次：导出付款清单"),
    Account("policy-city", "苏文简", _POLICY, (Duty.POLICY,), "待遇一览、政策起草、测算"),
    Account("policy-check-city", "叶知秋", _POLICY, (Duty.POLICY_CHECK,), "工作台：一份示例草稿待逐处核对"),
    Account("audit-city", "方明远", _SUPERVISION, (Duty.AUDIT,), "单据与结算单，只读"),
    Account("leader-city", "程仲平", _BUREAU, (Duty.LEADER_CITY,), "全市总览"),
    Account("admin", "系统管理员", _SYSTEMS, (Duty.SYSTEM,), "人员与区划"),
    Account("security", "安全管理员", _SYSTEMS, (Duty.SECURITY,), "登录与权限"),
    Account("trail", "审计员", _SYSTEMS, (Duty.TRAIL,), "操作日志"),
)

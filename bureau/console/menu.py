"""The caseworker's menu in business order (look.md), not in app order. Doors are named, never imported.

An entry is shown when its address exists and its own door would let this person in: a desk says so by
`access.desk`, an admin list by its `view_duties`. `duties` here only leaves out what a duty does not need.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, resolve, reverse

from bureau.console import access
from bureau.organization.terms import Duty

BUSINESS = tuple(duty for duty in Duty if duty not in (Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: its words, its address's name, whom it serves (empty: all who may enter), and what one does there."""

    label: str
    url_name: str
    duties: tuple[Duty, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading with its entries."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is drawn."""

    label: str
    url: str
    is_current: bool
    about: str = ""


@dataclass(slots=True)
class Section:
    """A group as it is drawn."""

    label: str
    links: list[Link] = field(default_factory=list)


MENU = (
    Group("工作台", (Entry("待办与近况", "portal:home"),)),
    Group(
        "综合受理",
        (
            Entry("受理登记", "claims:intake", about="交入机构的月度费用文件"),
            Entry("申报批次", "claims:batches", about="看每份文件收了几行、退了几行"),
        ),
    ),
    Group(
        "参保管理",
        (
            Entry("人员查询", "enrollment:people", BUSINESS, about="查一个人的参保、救助身份、费用和年度余额"),
            Entry("参保登记", "admin:enrollment_enrollment_changelist", about="谁在哪里参加哪个险种"),
            Entry("慢性病认定", "admin:enrollment_chronicrecognition_changelist", about="门诊慢性病认定"),
        ),
    ),
    Group(
        "定点机构",
        (
            Entry("机构名录", "admin:institutions_institution_changelist", BUSINESS, about="医院、卫生院和药店"),
            Entry("服务协议", "admin:institutions_agreement_changelist", BUSINESS, about="服务协议及其起止"),
            Entry("接口密钥", "admin:organization_institutionkey_changelist", about="机构系统调用接口的密钥"),
            Entry("接口调用", "admin:organization_institutioncall_changelist", about="机构系统何时调了什么、结果如何"),
        ),
    ),
    Group(
        "费用审核",
        (
            Entry("费用单据", "claims:claims", about="逐件查看计算过程和依据"),
            Entry("申报文件", "claims:imports", about="申报文件"),
            Entry("差额", "claims:adjustments", about="已结算单据重算后的差额"),
            Entry("核算不符", "claims:discrepancies", about="每晚重新计算全部核算，不符的列在这里"),
        ),
    ),
    Group(
        "医疗救助",
        (
            Entry("名单导入", "relief:rosters", about="导入、核对、复核每月名单"),
            Entry("救助对象", "admin:relief_reliefstatus_changelist", about="谁从哪天起有什么救助身份"),
        ),
    ),
    Group(
        "结算拨付",
        (
            Entry("结算批次", "claims:settlements", about="每月结算的进度、异常和审批"),
            Entry("结算单", "claims:statements", about="各机构的月结算单，可打印"),
            Entry("付款单", "funds:payments", about="向机构拨付的付款单"),
        ),
    ),
    Group(
        "基金管理",
        (
            Entry("科目余额", "funds:accounts", about="各基金科目的发生额和余额"),
            Entry("试算平衡", "funds:trial_balance", about="某月借贷是否相等，检查账簿"),
            Entry("凭证", "funds:entries", about="逐张凭证和分录"),
        ),
    ),
    Group("稽核监管", ()),
    Group(
        "政策与测算",
        (
            Entry("待遇一览", "policy:benefits", BUSINESS, about="什么人在哪里看病能报多少，依据哪一条"),
            Entry("政策参数", "policy:parameters", BUSINESS, about="每个数字的取值、起止和出处，可检索"),
            Entry("政策文件", "policy:documents", BUSINESS, about="逐条看文件、引文和条款下的取值"),
            Entry("政策变更", "policy:changes", BUSINESS, about="哪一天变了什么，两地两版对照"),
            Entry("即将到期", "policy:ending", BUSINESS, about="九十天内到期、尚无接续的取值"),
            Entry("假定值", "policy:assumed", BUSINESS, about="没有文件给出的取值"),
            Entry("政策发布", "admin:policy_release_changelist", about="现行政策、指纹和所含文件"),
            Entry("政策起草", "policy:drafts", about="起草、送审、逐处核对和发布"),
            Entry("试算", "claims:tryout", about="填一个人和几张单据，看待遇怎么算；可比较两天、两城或两版政策"),
            Entry("测算", "simulation:simulations", about="改一个参数，看去年的单据会多付还是少付"),
        ),
    ),
    Group("统计报表", ()),
    Group(
        "系统管理",
        (
            Entry("工作人员", "admin:organization_staff_changelist", about="账号的任用、调动、停用"),
            Entry("任职", "admin:organization_dutyassignment_changelist", about="岗位的任免"),
            Entry("账号安全", "portal:accounts", about="二次验证、登录暂停"),
            Entry("科室窗口", "admin:organization_office_changelist", about="科室和窗口"),
            Entry("区划", "admin:organization_area_changelist", about="市、县、乡镇"),
            Entry("操作日志", "admin:trail_actionlog_changelist", about="谁在什么时候办了什么"),
            Entry("查阅记录", "admin:trail_readrecord_changelist", about="谁看过谁的档案"),
            Entry("导入批次", "admin:trail_importbatch_changelist", about="外来文件及其内容指纹"),
            Entry("作业", "admin:trail_run_changelist", about="长作业的进度和失败步骤"),
        ),
    ),
)


def for_request(request: HttpRequest) -> list[Section]:
    """The groups that have something for this person; the deepest entry above the page is the current one."""
    doors = [(group.label, entry, _door(entry.url_name)) for group in MENU for entry in group.entries]
    open_doors = [
        (label, entry, door[0])
        for label, entry, door in doors
        if door is not None and access.may(request, *entry.duties) and _lets_in(door[1], request)
    ]
    current = _current([url for _, _, url in open_doors], request.path)
    sections: dict[str, Section] = {}
    for label, entry, url in open_doors:
        section = sections.setdefault(label, Section(label))
        section.links.append(Link(entry.label, url, is_current=url == current, about=entry.about))
    return list(sections.values())


@cache
def _door(url_name: str) -> tuple[str, Any] | None:
    try:
        url = reverse(url_name)
    except NoReverseMatch:
        return None
    return url, resolve(url).func


def _lets_in(view: Any, request: HttpRequest) -> bool:
    model_admin = getattr(view, "model_admin", None)
    if model_admin is not None:
        return bool(model_admin.has_view_permission(request))
    return access.may(request, *getattr(view, "duties", ()))


def _current(urls: list[str], path: str) -> str:
    home = reverse("portal:home")
    above = [url for url in urls if path == url or (url != home and path.startswith(url))]
    return max(above, key=len, default="")

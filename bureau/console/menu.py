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
    """One line: its words, the name of its address, and whom it serves (empty: everybody who may enter)."""

    label: str
    url_name: str
    duties: tuple[Duty, ...] = ()


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


@dataclass(slots=True)
class Section:
    """A group as it is drawn."""

    label: str
    links: list[Link] = field(default_factory=list)


MENU = (
    Group("工作台", (Entry("待办与近况", "portal:home"),)),
    Group("综合受理", (Entry("受理登记", "claims:intake"), Entry("申报批次", "claims:batches"))),
    Group(
        "参保管理",
        (
            Entry("人员查询", "enrollment:people", BUSINESS),
            Entry("参保登记", "admin:enrollment_enrollment_changelist"),
            Entry("慢性病认定", "admin:enrollment_chronicrecognition_changelist"),
        ),
    ),
    Group(
        "定点机构",
        (
            Entry("机构名录", "admin:institutions_institution_changelist", BUSINESS),
            Entry("服务协议", "admin:institutions_agreement_changelist", BUSINESS),
        ),
    ),
    Group(
        "费用审核",
        (
            Entry("费用单据", "claims:claims"),
            Entry("申报文件", "claims:imports"),
            Entry("差额", "claims:adjustments"),
        ),
    ),
    Group(
        "医疗救助",
        (
            Entry("名单导入", "relief:rosters"),
            Entry("救助对象", "admin:relief_reliefstatus_changelist"),
        ),
    ),
    Group(
        "结算拨付",
        (
            Entry("结算批次", "claims:settlements"),
            Entry("结算单", "claims:statements"),
            Entry("付款单", "funds:payments"),
        ),
    ),
    Group(
        "基金管理",
        (
            Entry("科目余额", "funds:accounts"),
            Entry("试算平衡", "funds:trial_balance"),
            Entry("凭证", "funds:entries"),
        ),
    ),
    Group("稽核监管", ()),
    Group("政策与测算", (Entry("政策发布", "admin:policy_release_changelist"),)),
    Group("统计报表", ()),
    Group(
        "系统管理",
        (
            Entry("工作人员", "admin:organization_staff_changelist"),
            Entry("任职", "admin:organization_dutyassignment_changelist"),
            Entry("科室窗口", "admin:organization_office_changelist"),
            Entry("区划", "admin:organization_area_changelist"),
            Entry("操作日志", "admin:trail_actionlog_changelist"),
            Entry("查阅记录", "admin:trail_readrecord_changelist"),
            Entry("导入批次", "admin:trail_importbatch_changelist"),
            Entry("作业", "admin:trail_run_changelist"),
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
        section.links.append(Link(entry.label, url, is_current=url == current))
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

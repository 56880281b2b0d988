"""The one page before anything leaves: what, how many rows, which filters, why; then the file, written down first."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bureau.console import access
from bureau.console.attachments import attachment
from bureau.console.exports import files, resources
from bureau.console.exports.files import Format, Marked
from bureau.console.exports.resources import Listed, ListResource
from bureau.kernel.identity import mask_within
from bureau.trail.services import actions
from bureau.trail.services.reads import SHORTEST_REASON

MOST_ROWS = 100_000


class ExportForm(forms.Form):
    """导出的格式与原因。"""

    format = forms.ChoiceField(label="文件格式", choices=Format.choices(), initial=Format.XLSX.value)
    reason = forms.CharField(
        label="导出原因",
        min_length=SHORTEST_REASON,
        max_length=200,
        help_text="写明用途，例如所办业务、报送单位；记入操作日志。",
        error_messages={"required": "请写明导出原因。", "min_length": f"导出原因至少 {SHORTEST_REASON} 个字。"},
    )


@access.desk()
def show(request: HttpRequest, name: str) -> HttpResponse:
    """A list of a desk; its own duties are asked here."""
    kind = resources.known().get(name)
    if kind is None:
        raise Http404("没有这个导出。")
    access.require(request, *kind.duties)
    resource = kind()
    return answer(request, resource, back_url=resource.back_url(request))


def answer(request: HttpRequest, resource: ListResource, *, back_url: str) -> HttpResponse:
    """The page, or what it was filled in for."""
    listed = resource.listed(request)
    form = ExportForm(request.POST or None)
    count = listed.rows.count()
    is_too_long = count > MOST_ROWS
    if request.method == "POST" and form.is_valid() and not is_too_long:
        return _file(
            request, resource, listed, Format(form.cleaned_data["format"]), form.cleaned_data["reason"].strip()
        )
    context = {
        "title": f"导出{resource.title}",
        "form": form,
        "what": f"导出{resource.title} {count:,} 行。",
        "facts": [
            ("筛选", "；".join(listed.filters) or "没有筛选，为您所在区划范围内的全部"),
            ("各列", "、".join([*resource.header(), files.NUMBER_COLUMN])),
            ("证件号、电话、账号", "与页面上一样只显示部分；列表不能导出完整号码。"),
            ("标记", "文件和打印页上有您的姓名、用户名、时间和导出编号，每一行有导出编号。"),
        ],
        "warning": _too_long(count) if is_too_long else "",
        "button": f"导出{resource.title}",
        "back_url": back_url,
        "back_label": "返回列表",
        "list_title": resource.title,
    }
    return render(request, "portal/export.html", context, status=422 if form.errors or is_too_long else 200)


def _too_long(count: int) -> str:
    return f"一次最多导出 {MOST_ROWS:,} 行，现有 {count:,} 行。请返回列表，加上筛选条件后分次导出。"


def _file(request: HttpRequest, resource: ListResource, listed: Listed, kind: Format, reason: str) -> HttpResponse:
    by, now = access.staff(request), timezone.localtime()
    number = f"DC{now:%Y%m%d}-{secrets.token_hex(4).upper()}"
    marked = Marked(resource.title, f"{by} {by.username} {now:%Y-%m-%d %H:%M:%S} {number}", number)
    content, rows = files.written(kind, resource.header(), resource.cells(listed.rows), marked)
    # Before a byte leaves; where this fails, nothing does.
    _record(request, resource, number, rows, kind, listed.filters, reason)
    return attachment(content, name=f"{resource.title}-{number}.{kind}", kind=files.CONTENT_TYPES[kind])


def _record(
    request: HttpRequest,
    resource: ListResource,
    number: str,
    rows: int,
    kind: Format,
    filters: Sequence[str],
    reason: str,
) -> None:
    asked = "；".join(filters)
    detail: dict[str, Any] = {"rows": rows, "format": str(kind), "filters": mask_within(asked)}
    actions.record(
        action="portal.exported",
        subject_kind="portal.export",
        subject_key=number,
        summary=f"导出{resource.title} {rows} 行，编号 {number}，原因：{reason}",
        by=access.staff(request),
        detail=detail,
    )

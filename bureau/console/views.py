"""Home and search: the desks that belong to nobody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bureau.console import access, menu, search, waiting
from bureau.console.forms import SearchForm
from bureau.trail import selectors as trail
from bureau.trail.services import actions

RECENT = 12


@access.desk()
def home(request: HttpRequest) -> HttpResponse:
    """What waits for me, how the month stands, what I did last."""
    context = {
        "title": "工作台",
        "waiting": waiting.for_request(request),
        "nothing": waiting.nothing(request),
        "sections": [section for section in menu.for_request(request) if section.label != "工作台"],
        "recent": trail.actions_of(access.staff(request))[:RECENT],
    }
    return render(request, "portal/home.html", context)


@access.desk()
def search_all(request: HttpRequest) -> HttpResponse:
    """Answer the search box; the text comes by POST, since it may be an ID number."""
    form = SearchForm(request.POST or None)
    text = form.cleaned_data["q"].strip() if form.is_valid() else ""
    groups = search.search(request, text) if text else []
    if text:
        _record_search(request, groups)
    one = search.the_one(groups)
    if one is not None:
        return redirect(one.url)
    return render(request, "portal/search.html", {"title": "查询结果", "text": text, "groups": groups})


def _record_search(request: HttpRequest, groups: list[search.Group]) -> None:
    counts = {group.label: len(group.hits) for group in groups}
    found = "、".join(f"{label} {count} 条" for label, count in counts.items()) or "没有结果"
    actions.record(
        action="portal.searched",
        subject_kind="portal.search",
        subject_key="",
        summary=f"全局查询：{found}",
        by=access.staff(request),
        detail={"counts": counts},
    )

"""The second person's desk: open every change, then check, send back, publish."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bureau.console import access
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.forms.drafts import ReasonForm
from bureau.policy.selectors import differing, releases
from bureau.policy.services import releases as services
from bureau.policy.views import draft_page


@access.desk(*draft_page.READERS)
def change(request: HttpRequest, release_id: int, key: str) -> HttpResponse:
    """One change with its clauses and lines; the second person says here that it has been seen."""
    release, by = releases.release_with(release_id), access.staff(request)
    found = differing.differences(release)
    if request.method == "POST":
        access.require(request, Duty.POLICY_CHECK)
        services.open_change(release, key=key, by=by)
        onward = draft_page.next_unopened(found, releases.opened_by(release, by), key)
        return redirect(draft_page.change_address(release, onward) or reverse("policy:draft", args=[release.pk]))
    value = next((item for item in found.values if item.key == key), None)
    file = next((item for item in found.files if item.key == key), None)
    if value is None and file is None:
        raise BusinessError("policy.change_unknown", "没有这一处改动，或草稿、现行政策已有变动，请回到差异表重新核对。")
    names = {ground.place.file.partition("/")[2] for ground in value.grounds} if value else set()
    keys = found.in_order
    context = {
        "title": "核对改动",
        "release": release,
        "value": value,
        "file": file,
        "sources": [item for item in found.files if item.name in names],
        "number": keys.index(key) + 1,
        "count": len(keys),
        "left": len(found.keys - releases.opened_by(release, by)),
        "is_opened": key in releases.opened_by(release, by),
        "may_open": draft_page.may(request, release).get("check", False),
        "before_url": draft_page.change_address(release, _neighbor(keys, key, -1)),
        "after_url": draft_page.change_address(release, _neighbor(keys, key, +1)),
    }
    return render(request, "policy/change.html", context)


def _neighbor(keys: tuple[str, ...], key: str, step: int) -> str:
    at = keys.index(key) + step
    return keys[at] if 0 <= at < len(keys) else ""


@access.desk(Duty.POLICY_CHECK)
def check(request: HttpRequest, release_id: int) -> HttpResponse:
    """Say that every change has been seen and is right."""
    release = releases.release_with(release_id)
    page = reverse("policy:draft", args=[release.pk])
    if request.method == "POST":
        services.check(release, by=access.staff(request))
        messages.success(request, f"复核通过：{release}。发布以后才生效。")
        return redirect(page)
    found = differing.differences(release)
    context = {
        "title": "复核政策",
        "what": f"复核通过{release}：{len(found.values)} 处取值、{len(found.files)} 份文件的改动已逐处核对。",
        "warning": "通过后即可发布；内容与送审时完全相同。",
        "facts": [("起草人", release.drafted_by), ("起草说明", release.note), ("内容指纹", release.sha256)],
        "button": "复核通过",
        "back_url": page,
    }
    return render(request, "portal/confirm.html", context)


@access.desk(Duty.POLICY_CHECK)
def send_back(request: HttpRequest, release_id: int) -> HttpResponse:
    """Give it back to the drafter with a reason."""
    release = releases.release_with(release_id)
    page = reverse("policy:draft", args=[release.pk])
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.send_back(release, reason=form.cleaned_data["reason"], by=access.staff(request))
        messages.success(request, f"已退回：{release}。")
        return redirect(page)
    context = {
        "title": "退回政策",
        "what": f"把{release}退回{release.drafted_by}修改。",
        "form": form,
        "button": "退回政策",
        "back_url": page,
    }
    return render(request, "portal/confirm.html", context)


@access.desk(Duty.POLICY_CHECK)
def publish(request: HttpRequest, release_id: int) -> HttpResponse:
    """Confirm with counts, then publish; the service refuses the drafter and what has not been checked."""
    release = releases.release_with(release_id)
    page = reverse("policy:draft", args=[release.pk])
    if request.method == "POST":
        services.publish(release, by=access.staff(request))
        messages.success(request, f"已发布：{release}，即时生效，此后的核算按它办理。")
        return redirect(page)
    found = differing.differences(release)
    context = {
        "title": "发布政策",
        "what": f"发布第 {release.number} 次政策：{len(found.values)} 处取值、{len(found.files)} 份文件有改动。",
        "warning": "发布后不能修改；原先生效的发布随即失效，已核算的单据不变。",
        "facts": [
            ("起草人", release.drafted_by),
            ("复核人", release.checked_by),
            ("起草说明", release.note),
            ("内容指纹", release.sha256),
        ],
        "button": "发布政策",
        "back_url": page,
    }
    return render(request, "portal/confirm.html", context)

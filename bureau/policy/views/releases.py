"""The second person's page for a drafted release: what is in it, and the button that puts it in force."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from bureau.console import access
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.selectors import rulesets
from bureau.policy.services import releases


@access.desk(Duty.POLICY_CHECK)
def publish(request: HttpRequest, release_id: int) -> HttpResponse:
    """Confirm with counts, then publish; the service refuses the drafter and what is no draft."""
    release = get_object_or_404(Release.objects.select_related("drafted_by").defer("content"), pk=release_id)
    page = reverse("admin:policy_release_change", args=[release.pk])
    if request.method == "POST":
        releases.publish(release, by=access.staff(request))
        messages.success(request, f"已发布：{release}，即时生效，此后的核算按它办理。")
        return redirect(page)
    found = rulesets.rulebook(release.sha256)
    context = {
        "title": "发布政策",
        "what": f"发布第 {release.number} 次政策：{len(found.documents)} 份文件，{len(found.citations)} 处依据。",
        "warning": "发布后不能修改；原先生效的发布随即失效，已核算的单据不变。",
        "facts": [("起草人", release.drafted_by), ("说明", release.note), ("内容指纹", release.sha256)],
        "button": "发布政策",
        "back_url": page,
    }
    return render(request, "portal/confirm.html", context)

"""The drafter's desk: begin a draft, see what it changes and what is wrong with it, send it on or give it up."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bureau.console import access
from bureau.organization.terms import Duty
from bureau.policy.forms.drafts import StartForm
from bureau.policy.selectors import differing, releases
from bureau.policy.services import drafts
from bureau.policy.services import releases as release_services
from bureau.policy.views import draft_page


@access.desk(*draft_page.READERS)
def listing(request: HttpRequest) -> HttpResponse:
    """What is on its way to become law."""
    context = {
        "title": "政策起草",
        "drafts": releases.open_drafts(),
        "may_start": access.may(request, Duty.POLICY),
    }
    return render(request, "policy/drafts.html", context)


@access.desk(Duty.POLICY)
def start(request: HttpRequest) -> HttpResponse:
    """Begin a draft from a release."""
    bases = {str(base.pk): base for base in releases.bases()}
    named = [(key, f"{base}（{base.get_stage_display()}）{base.note}") for key, base in bases.items()]
    form = StartForm(request.POST or None, bases=named)
    if request.method == "POST" and form.is_valid():
        found = drafts.start(
            base=bases[form.cleaned_data["base"]], note=form.cleaned_data["note"], by=access.staff(request)
        )
        messages.success(request, "已起草。改动文件后送审；保存的每一版都可以找回。")
        return redirect("policy:draft", found.pk)
    context = {"title": "起草政策", "form": form, "button": "起草政策", "back_url": reverse("policy:drafts")}
    return render(request, "policy/form.html", context)


@access.desk(*draft_page.READERS)
def draft(request: HttpRequest, release_id: int) -> HttpResponse:
    """The draft: checks, differences, documents, versions, and the two persons."""
    release = releases.release_with(release_id)
    found = draft_page.difference_context(release, access.staff(request))
    verbs = draft_page.may(request, release)
    changed = {change.name for change in found["differences"].files}
    context = {
        "title": f"第 {release.number} 次政策发布",
        "release": release,
        "steps": draft_page.steps(release),
        "may": verbs,
        "report": draft_page.report_context(differing.report_of(release), release),
        "documents": releases.documents_of(release, changed),
        "versions": releases.versions_of(release)[:20],
        "actions": draft_page.history(release),
        "simulation_url": draft_page.simulation_address(request, release),
        "sentence": draft_page.checker_sentence(request, release, found["left"]),
        **found,
    }
    return render(request, "policy/draft.html", context)


@access.desk(Duty.POLICY)
def submit(request: HttpRequest, release_id: int) -> HttpResponse:
    """Hand it to the second person."""
    release = releases.release_with(release_id)
    page = reverse("policy:draft", args=[release.pk])
    if request.method == "POST":
        release_services.submit(release, by=access.staff(request))
        messages.success(request, f"已送审：{release}。复核人须逐处打开改动后才能通过。")
        return redirect(page)
    found = differing.differences(release)
    context = {
        "title": "送审政策",
        "what": f"把{release}送政策复核：{len(found.values)} 处取值、{len(found.files)} 份文件有改动。",
        "warning": "送审以后内容不能再改，退回后才能修改。",
        "facts": [("起草说明", release.note), ("内容指纹", release.sha256)],
        "button": "送审政策",
        "back_url": page,
    }
    return render(request, "portal/confirm.html", context)


@access.desk(Duty.POLICY)
def withdraw(request: HttpRequest, release_id: int) -> HttpResponse:
    """Give a draft up."""
    release = releases.release_with(release_id)
    if request.method == "POST":
        release_services.withdraw(release, by=access.staff(request))
        messages.success(request, f"已作废：{release}。它仍可查看，不能再办理。")
        return redirect("policy:drafts")
    context = {
        "title": "作废草稿",
        "what": f"作废{release}。",
        "warning": "作废后不能恢复；要用其中的内容，请另行起草。",
        "facts": [("起草说明", release.note)],
        "button": "作废草稿",
        "danger": True,
        "back_url": reverse("policy:draft", args=[release.pk]),
    }
    return render(request, "portal/confirm.html", context)


@access.desk(Duty.POLICY)
@require_POST
def restore(request: HttpRequest, release_id: int, number: int) -> HttpResponse:
    """Go back to a former version, which becomes the newest."""
    release = drafts.restore(releases.release_with(release_id), number=number, by=access.staff(request))
    messages.success(request, f"已回到第 {number} 版；刚才的内容仍在版本列表中。")
    return redirect("policy:draft", release.pk)

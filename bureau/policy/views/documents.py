"""Editing one document of a draft: value by value, or its whole text; the checks answer while one types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureau.console import access
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.forms.drafts import DocumentForm
from bureau.policy.rules import checks, editing, text_differences
from bureau.policy.rules.faults import PackError
from bureau.policy.selectors import differing, releases
from bureau.policy.services import drafts
from bureau.policy.views import draft_page

if TYPE_CHECKING:
    from bureau.policy.models import Release
    from bureau.policy.rules.checks import Report


@dataclass(slots=True)
class _Typed:
    """What the form holds: the digest and files it was drawn from, and the document's text with what was typed."""

    expected: str
    files: dict[str, str]
    text: str
    words: dict[str, str]
    refusal: PackError | None = None


def _typed(request: HttpRequest, release: Release, name: str) -> _Typed:
    """From a GET the draft as it stands; from a POST what was typed over the version that was on the screen."""
    expected = request.POST.get("expected", release.sha256)
    files = releases.files_at(release, expected)
    if name not in files:
        raise Http404
    typed = _Typed(
        expected, files, files[name], {key: request.POST[key] for key in request.POST if key.startswith(editing.INPUT)}
    )
    if "text" in request.POST:
        typed.text = request.POST["text"].replace("\r\n", "\n")
    elif typed.words:
        try:
            typed.text = editing.replaced(name, typed.text, typed.words)
        except PackError as error:
            typed.refusal = error
    return typed


@access.desk(*draft_page.READERS)
def edit(request: HttpRequest, release_id: int, name: str) -> HttpResponse:
    """One document; who may not edit it reads it."""
    if request.method == "POST":
        access.require(request, Duty.POLICY)
    release = releases.release_with(release_id)
    typed = _typed(request, release, name)
    refusal: BusinessError | None = None
    if request.method == "POST":
        try:
            return _saved(request, release, name, typed)
        except BusinessError as error:
            refusal = error
    # A document that cannot be read has no values to list: it is mended as text.
    rows = _rows(name, typed)
    as_text = request.GET.get("as") == "text" or rows is None
    report = _report(release, name, typed)
    context = {
        "title": name.removesuffix(".yaml"),
        "release": release,
        "name": name,
        "document": text_differences.document_of(name, typed.text),
        "expected": typed.expected,
        "text": typed.text,
        "rows": rows,
        "as_text": as_text,
        "may": draft_page.may(request, release),
        "report": draft_page.report_context(report, release, name),
        "refusal": None if isinstance(refusal, PackError) else refusal,
        "is_new": release.base is None or name not in releases.files_of(release.base),
    }
    return render(request, "policy/document.html", context)


def _saved(request: HttpRequest, release: Release, name: str, typed: _Typed) -> HttpResponse:
    if typed.refusal:
        raise typed.refusal
    before = release.sha256
    saved = drafts.save_document(release, name=name, text=typed.text, expected=typed.expected, by=access.staff(request))
    faults = len(differing.report_of(saved).faults)
    if saved.sha256 == before:
        messages.info(request, "没有改动，未另存新版。")
    elif faults:
        messages.warning(request, f"已保存。整套政策还有 {faults} 处错误，改正后才能送审。")
    else:
        messages.success(request, "已保存，检查通过。")
    return redirect(request.get_full_path())


@access.desk(Duty.POLICY)
@require_POST
def check(request: HttpRequest, release_id: int, name: str) -> HttpResponse:
    """The checks over what is being typed, as a block of HTML; nothing is stored."""
    release = releases.release_with(release_id)
    report = _report(release, name, _typed(request, release, name))
    return render(request, "policy/parts/report.html", {"report": draft_page.report_context(report, release, name)})


@access.desk(Duty.POLICY)
def add(request: HttpRequest, release_id: int) -> HttpResponse:
    """A new document from the template."""
    release = releases.release_with(release_id)
    form = DocumentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drafts.add_document(release, **form.cleaned_data, by=access.staff(request))
        except BusinessError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, "已新增文件，请写明条款和取值。")
            address = reverse("policy:document", args=[release.pk, f"{form.cleaned_data['document_id']}.yaml"])
            return redirect(f"{address}?as=text")
    context = {
        "title": "新增文件",
        "form": form,
        "release": release,
        "button": "新增文件",
        "back_url": reverse("policy:draft", args=[release.pk]),
    }
    return render(request, "policy/form.html", context)


@access.desk(Duty.POLICY)
def remove(request: HttpRequest, release_id: int, name: str) -> HttpResponse:
    """Take out a document that this draft added."""
    release = releases.release_with(release_id)
    if request.method == "POST":
        drafts.remove_document(release, name=name, by=access.staff(request))
        messages.success(request, f"已从草稿中删除 {name}；从版本列表可以找回。")
        return redirect("policy:draft", release.pk)
    context = {
        "title": "删除文件",
        "what": f"从{release}的草稿中删除 {name}。",
        "button": "删除文件",
        "danger": True,
        "back_url": reverse("policy:document", args=[release.pk, name]),
    }
    return render(request, "portal/confirm.html", context)


def _rows(name: str, typed: _Typed) -> list[dict[str, Any]] | None:
    """The table of values with what was typed in its inputs; None where the document cannot be read."""
    try:
        found = editing.editables(name, typed.files[name] if typed.words else typed.text)
    except PackError:
        return None
    wrong = {fault.place.line for fault in typed.refusal.faults} if typed.refusal else set()
    return [
        {
            "value": editable,
            "is_wrong": editable.row.place.line in wrong,
            "inputs": [(literal, typed.words.get(literal.name, literal.text)) for literal in editable.literals],
        }
        for editable in found
    ]


def _report(release: Release, name: str, typed: _Typed) -> Report:
    if typed.refusal:
        faults = draft_page.placed(typed.refusal.faults, release.city)
        return checks.Report(faults)
    if typed.text == typed.files[name] and typed.expected == release.sha256:
        return differing.report_of(release)
    return checks.report(release.city, typed.files | {name: typed.text}, on=timezone.localdate())

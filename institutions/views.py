"""The one desk of institutions: a whole bank account, with the reason for seeing it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from institutions.forms import ReasonForm
from institutions.selectors import directory
from institutions.services import reveal


@access.desk(*reveal.MAY_REVEAL)
def account(request: HttpRequest, code: str) -> HttpResponse:
    """Asks why; by POST, once, after the reason was written down, the account. No cache keeps the page."""
    by = access.staff(request)
    institution = directory.visible_to(by).filter(code=code).first()
    if institution is None:
        raise Http404
    form = ReasonForm(request.POST or None)
    context: dict[str, Any] = {"title": "收款账号", "institution": institution, "form": form}
    if request.method == "POST" and form.is_valid():
        shown = reveal.reveal_account(code=code, reason=form.cleaned_data["reason"], by=by)
        context |= {"shown": shown or "（未登记）", "reason": form.cleaned_data["reason"]}
    return render(request, "institutions/account.html", context, status=422 if form.errors else 200)

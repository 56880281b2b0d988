"""核算不符: stored adjudications that could not be confirmed, and the page on which a person says what it was."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from claims.forms import DiscrepancyFilter, ExplainForm
from claims.selectors import account, versions
from claims.services import verification

READERS = (Duty.REVIEW_SECOND, Duty.REVIEW_FINAL, Duty.AUDIT, Duty.LEADER_CITY)


@access.desk(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The list, what is open first."""
    by = access.staff(request)
    form = DiscrepancyFilter(request.GET or None)
    stage = form.cleaned_data["stage"] if form.is_bound and form.is_valid() else ""
    page = page_of(request, versions.findings(by, stage=stage))
    context = {
        "title": "核算不符",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page,
        "rows": [(finding, account.differing(finding)) for finding in page.object_list],
        "waiting": versions.open_findings(by),
        "may_explain": access.may(request, Duty.REVIEW_SECOND),
    }
    return render(request, "claims/discrepancies.html", context)


@access.desk(Duty.REVIEW_SECOND)
def explain(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Say what one finding was; the words stay with it."""
    by = access.staff(request)
    finding = versions.findings(by).filter(pk=finding_id).first()
    if finding is None:
        raise Http404("没有这处核算不符，或它不在您的办理范围内。")
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verification.explain(finding_id=finding.pk, reason=form.cleaned_data["reason"], by=by)
        except BusinessError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"已说明单据 {finding.adjudication.claim.number} 的核算不符。")
            return redirect("claims:discrepancies")
    context = {
        "title": "说明核算不符",
        "what": f"说明单据 {finding.adjudication.claim.number} 第 {finding.adjudication.version} 版核算不符的原因。",
        "facts": [
            ("不符之处", finding.get_kind_display()),
            *((label, f"所存 {before}，重算 {after}") for label, before, after in account.differing(finding)),
        ],
        "form": form,
        "button": "说明核算不符",
        "back_url": reverse("claims:discrepancies"),
    }
    return render(request, "claims/discrepancy.html", context)

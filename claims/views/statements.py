"""Statements: the list, one institution's month on the screen, and the sheet that is signed and sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bureau.console import access
from bureau.console.lists import PER_PAGE, chips_of, page_of
from bureau.kernel.money import capital_yuan
from bureau.organization.selectors import scope
from bureau.policy.selectors import rulesets
from bureau.trail import selectors as trail
from claims.forms import StatementFilter
from claims.selectors import cockpit, listing, settlements
from claims.views import SETTLEMENT_READERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from claims.models import Settlement


def listed(request: HttpRequest) -> tuple[StatementFilter, QuerySet[Settlement]]:
    """The filter as it is asked for, and what it leaves."""
    form = StatementFilter(request.GET or None, months=cockpit.months())
    found = cockpit.statements(access.staff(request)).order_by("-run__month", "institution__code")
    if form.is_bound and form.is_valid():
        if form.cleaned_data["month"]:
            found = found.filter(run__month=form.cleaned_data["month"])
        if form.cleaned_data["institution"]:
            found = found.filter(listing.of_institution_named(form.cleaned_data["institution"]))
    return form, found


@access.desk(*SETTLEMENT_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The statements of all months, with sums."""
    form, found = listed(request)
    context = {
        "title": "结算单",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page_of(request, found),
        "sums": cockpit.sums_of(found),
    }
    return render(request, "claims/statements.html", context)


@access.desk(*SETTLEMENT_READERS)
def show(request: HttpRequest, number: str) -> HttpResponse:
    """One statement with its lines, differences and claims."""
    settlement = _settlement(request, number)
    claims = cockpit.claims_of(settlement)
    pages = Paginator(claims, PER_PAGE)
    # The statement says it.
    pages.count = settlement.claim_count
    page = pages.get_page(request.GET.get("page"))
    return render(request, "claims/statement.html", {**_context(request, settlement, page.object_list), "page": page})


@access.desk(*SETTLEMENT_READERS)
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The statement on A4, with all its claims."""
    settlement = _settlement(request, number)
    context = {
        **_context(request, settlement, cockpit.claims_of(settlement)),
        "printed_by": access.staff(request),
        "printed_at": timezone.localtime(),
        "verification": settlement.sha256,
        "chain_head": trail.chain_head(),
        "maker": settlement.run.opened_by,
        "approver": settlement.run.approved_by or "",
    }
    return render(request, "print/statement.html", context)


def _settlement(request: HttpRequest, number: str) -> Settlement:
    found = cockpit.statements(access.staff(request)).select_related("run__opened_by", "run__approved_by")
    settlement = found.filter(number=number).first()
    if settlement is None:
        raise Http404("没有这张结算单，或它不在您的办理范围内。")
    return settlement


def _context(request: HttpRequest, settlement: Settlement, claims: Any) -> dict[str, Any]:
    rule = cockpit.deposit_rule(rulesets.rulebook(settlement.run.policy_sha256), settlement.run.month)
    by = access.staff(request)
    settled, uses = cockpit.contents_of(settlement, claims, by=by)
    return {
        "title": f"结算单 {settlement.number}",
        "settlement": settlement,
        "lines": settlements.lines_of(settlement),
        "uses": uses,
        "rule": rule,
        "in_words": capital_yuan(settlement.payable),
        "claims": [(held.claim, held, scope.covers(by, held.claim.area_id)) for held in settled],
    }

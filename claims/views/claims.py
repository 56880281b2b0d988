"""Claims: the list with sums, and the page of one claim with its calculation, on the screen and on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bureau.console import access
from bureau.console.lists import PER_PAGE, chips_of
from bureau.organization.selectors import scope
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
from claims.forms import ClaimFilter
from claims.models import Claim
from claims.selectors import account, letters, listing
from claims.selectors import claims as claims_selectors
from claims.views import CLAIM_READERS

if TYPE_CHECKING:
    from django.db.models import QuerySet


def listed(request: HttpRequest) -> tuple[ClaimFilter, QuerySet[Claim]]:
    """The filter as it is asked for, and what it leaves."""
    form = ClaimFilter(request.GET or None, months=listing.months())
    return form, listing.claims(access.staff(request), **(form.values() if form.is_bound else {}))


@access.desk(*CLAIM_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The claims one may see, filtered, with how many and how much."""
    form, found = listed(request)
    sums = listing.sums(found)
    pages = Paginator(found, PER_PAGE)
    # Counted with the sums already.
    pages.count = sums.count
    context = {
        "title": "费用单据",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": pages.get_page(request.GET.get("page")),
        "sums": sums,
    }
    return render(request, "claims/claims.html", context)


@access.desk(*CLAIM_READERS)
def show(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """One claim: the bill, and how every fen of it was computed."""
    return render(request, "claims/claim.html", _context(request, code, number))


@access.desk(*CLAIM_READERS)
def sheet(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The calculation as an A4 sheet to be signed."""
    context = _context(request, code, number)
    held = context["account"].version
    context |= {
        "printed_by": access.staff(request),
        "printed_at": timezone.localtime(),
        "verification": held.adjudication.policy_sha256 if held else "",
    }
    return render(request, "print/claim.html", context)


@access.desk(*CLAIM_READERS)
def letter(request: HttpRequest, code: str, number: str) -> HttpResponse:
    """The letter by which the person learns what was paid, what not, and why; one page."""
    context = _context(request, code, number)
    held = context["account"].version
    context |= {
        "letter": letters.of(context["claim"], version=held.adjudication if held else None),
        "printed_by": access.staff(request),
        "printed_at": timezone.localtime(),
        "verification": held.adjudication.policy_sha256 if held else "",
    }
    return render(request, "print/letter.html", context)


def _context(request: HttpRequest, code: str, number: str) -> dict[str, Any]:
    by = access.staff(request)
    try:
        claim = claims_selectors.one(code, number, by=by)
    except Claim.DoesNotExist:
        raise Http404("没有这张单据，或它不在您的办理范围内。") from None
    reads.record(
        kind=ReadKind.VIEWED,
        subject_kind="person",
        subject_key=str(claim.person_id),
        screen="claim",
        area_code=claim.area_id,
        by=by,
    )
    found = account.of(claim, version=_version(request))
    settlement = account.settlement_of(claim)
    return {
        "title": f"单据 {claim.number}",
        "claim": claim,
        "account": found,
        "settlement": settlement,
        "may_open_institution": scope.is_city(by) or scope.covers(by, claim.institution.area_id),
        "care_area": found.care_area,
    }


def _version(request: HttpRequest) -> int | None:
    text = request.GET.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None

"""Differences that re-runs made in settled claims: what is owed in addition, what is to be recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from claims.forms import DifferenceFilter
from claims.selectors import listing
from claims.views import CLAIM_READERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from claims.models import Adjustment


def listed(request: HttpRequest) -> tuple[DifferenceFilter, QuerySet[Adjustment]]:
    """The filter as it is asked for, and what it leaves."""
    form = DifferenceFilter(request.GET or None)
    stage = form.cleaned_data["stage"] if form.is_bound and form.is_valid() else ""
    return form, listing.differences(access.staff(request), stage=stage)


@access.desk(*CLAIM_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The list with both sums."""
    form, found = listed(request)
    owed, recovered = listing.open_difference_sum(found)
    context = {
        "title": "差额",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page_of(request, found),
        "owed": owed,
        "recovered": recovered,
    }
    return render(request, "claims/differences.html", context)

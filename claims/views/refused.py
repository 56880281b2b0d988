"""Rows of claim files that did not become claims, over all files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from claims.forms import RefusedFilter
from claims.rules import wording
from claims.selectors import listing
from claims.views import FILE_READERS
from institutions.selectors import directory

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from claims.models import ClaimRow


@access.desk(*FILE_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The rows with their reasons, and how often each reason occurs."""
    by = access.staff(request)
    causes = listing.refused_by_cause(listing.refused(by, month=request.GET.get("month", "")))
    form = _form(request, causes)
    found = _found(request, form)
    page = page_of(request, found)
    known = directory.by_codes(row.batch.source for row in page.object_list)
    context = {
        "title": "退回的行",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page,
        "rows": [(row, known.get(row.batch.source)) for row in page.object_list],
        "causes": causes,
    }
    return render(request, "claims/refused.html", context)


def listed(request: HttpRequest) -> tuple[RefusedFilter, QuerySet[ClaimRow]]:
    """The filter as it is asked for, and what it leaves."""
    form = _form(request, listing.refused_by_cause(listing.refused(access.staff(request))))
    return form, _found(request, form)


def _form(request: HttpRequest, causes: list[tuple[str, int]]) -> RefusedFilter:
    choices = [(code, f"{wording.refusal(code)}（{count} 行）") for code, count in causes]
    return RefusedFilter(request.GET or None, months=listing.months(), causes=choices)


def _found(request: HttpRequest, form: RefusedFilter) -> QuerySet[ClaimRow]:
    return listing.refused(access.staff(request), **(form.values() if form.is_bound else {}))

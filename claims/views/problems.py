"""Person-years that cannot be computed: each with its reason, so that somebody mends the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.lists import page_of
from claims.selectors import claims
from claims.views import CLAIM_READERS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from claims.models import PersonYear


def listed(request: HttpRequest) -> QuerySet[PersonYear]:
    """The years, by reason."""
    return claims.years_in_trouble(access.staff(request)).order_by("problem_code", "-year", "person_id")


@access.desk(*CLAIM_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The list, by reason."""
    context = {"title": "不能核算的人年", "page": page_of(request, listed(request)), "waiting": claims.waiting_years()}
    return render(request, "claims/problems.html", context)

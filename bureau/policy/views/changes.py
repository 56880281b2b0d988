"""What changed on a day, and two laws side by side: two days, two releases, two cities."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bureau.console import access
from bureau.policy.forms.browser import SHORT, CompareForm, LawForm
from bureau.policy.models import Release
from bureau.policy.rules import side_by_side
from bureau.policy.rules.side_by_side import Side
from bureau.policy.selectors import laws, rulesets
from bureau.policy.terms import City
from bureau.policy.views.law import READERS, law, releases_for


@access.desk(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The days on which something begins or ends, with how much changes on each."""
    found = law(request, LawForm)
    changes = [(day, side_by_side.changes_on(found.rulebook, day)) for day in side_by_side.change_days(found.rulebook)]
    days = [(day, len(differences), _sorts(differences)) for day, differences in changes]
    return render(request, "policy/browser/changes.html", {"title": "政策变更", "law": found, "days": days})


@access.desk(*READERS)
def on_day(request: HttpRequest, day: date) -> HttpResponse:
    """Before and after, each difference with the clause that makes it."""
    found = law(request, LawForm)
    days = sorted(side_by_side.change_days(found.rulebook))
    if day not in days:
        raise Http404(f"{day} 没有任何政策起止。请从“政策变更”列表里选一天。")
    at = days.index(day)
    differences = side_by_side.changes_on(found.rulebook, day)
    context = {
        "title": f"{day} 变了什么",
        "law": found,
        "day": day,
        "eve": day - timedelta(1),
        "is_start": day == found.rulebook.city_set.valid_from,
        "groups": _groups(differences),
        "count": len(differences),
        "former": days[at - 1] if at else None,
        "next": days[at + 1] if at + 1 < len(days) else None,
    }
    return render(request, "policy/browser/change.html", context)


@access.desk(*READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two laws side by side; without a question, the law before its latest change against the law of today."""
    releases = releases_for(request)
    present = laws.chosen(releases, "")
    today = timezone.localdate()
    past = [day for day in side_by_side.change_days(laws.law_of(present)) if day <= today]
    asked = {name: value for name, value in request.GET.items() if value}
    otherwise = {
        "a": present.sha256[:SHORT],
        "b": present.sha256[:SHORT],
        "a_on": f"{(past[0] if past else today) - timedelta(1)}",
        "b_on": f"{today}",
    }
    form = CompareForm({**otherwise, **asked}, releases=releases)
    context: dict[str, Any] = {"title": "政策对照", "form": form}
    if form.is_valid():
        said = form.cleaned_data
        sides = [_side(releases, said[name], said[f"{name}_on"]) for name in ("a", "b")]
        differences = side_by_side.differences(*(side for _, side in sides))
        context |= {
            "names": [f"{name}，{side.day}" for name, side in sides],
            "groups": _groups(differences),
            "count": len(differences),
        }
    return render(request, "policy/browser/compare.html", context)


def _side(releases: list[Release], which: str, day: date) -> tuple[str, Side]:
    if which in {city.value for city in City}:
        return City.label_of(which), Side(rulesets.rulebook_of_city(which), day)
    release = laws.chosen(releases, which)
    return str(release), Side(laws.law_of(release), day)


def _groups(differences: tuple[side_by_side.Difference, ...]) -> list[tuple[str, list[side_by_side.Difference]]]:
    groups: dict[str, list[side_by_side.Difference]] = {}
    for one in differences:
        groups.setdefault(one.title, []).append(one)
    return list(groups.items())


def _sorts(differences: tuple[side_by_side.Difference, ...]) -> list[tuple[str, int]]:
    return [(title, len(group)) for title, group in _groups(differences)]

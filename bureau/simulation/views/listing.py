"""The simulations, and two of them side by side."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from bureau.simulation.forms import SimulationFilter
from bureau.simulation.rules import shown
from bureau.simulation.selectors import simulations as selectors
from bureau.simulation.terms import SimulationStage
from bureau.simulation.views import entrance


@access.desk(*entrance.READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The simulations, newest first."""
    form = SimulationFilter(request.GET or None)
    found = selectors.listed(access.staff(request), **(form.values() if form.is_bound else {}))
    context = {
        "title": "测算",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page_of(request, found),
        "may_make": access.may(request, *entrance.MAKERS),
    }
    return render(request, "simulation/simulations.html", context)


@access.desk(*entrance.READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two reports side by side."""
    done = selectors.visible_to(access.staff(request)).filter(stage=SimulationStage.DONE.value)[:50]
    by_key = {one.pk: one for one in done}
    sides = [by_key.get(entrance.number(request.GET.get(name))) for name in ("a", "b")]
    pairs = []
    if all(sides):
        columns = [shown.layers(side.result["whole"]) for side in sides if side and side.result]
        pairs = list(zip(*columns, strict=True))
    context = {"title": "对比测算", "done": done, "sides": sides, "pairs": pairs}
    return render(request, "simulation/compare.html", context)

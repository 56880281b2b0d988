"""A report: what changes, for whom, by which clause; whether benefits fall; as a workbook."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.attachments import XLSX, attachment
from bureau.console.lists import chips_of, page_of
from bureau.kernel.terms import Scheme
from bureau.organization.selectors import areas
from bureau.simulation.documents import workbook as documents
from bureau.simulation.forms import LoserFilter
from bureau.simulation.models import Simulation
from bureau.simulation.rules import report, shown
from bureau.simulation.services import exports
from bureau.simulation.terms import Part
from bureau.simulation.views import entrance


@access.desk(*entrance.READERS)
def show(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """One report."""
    simulation = entrance.simulation_of(request, simulation_id)
    context = {
        **entrance.state_of(simulation),
        "title": f"测算 {simulation.scenario.name}",
        "may_make": access.may(request, *entrance.MAKERS),
    }
    if simulation.result:
        context |= _shown(simulation, request.GET.get("by", "county"))
    return render(request, "simulation/simulation.html", context)


def _shown(simulation: Simulation, by: str) -> dict[str, Any]:
    result = simulation.result
    assert result is not None  # noqa: S101  asked by the caller
    dimensions = dict(shown.DIMENSIONS)
    by = by if by in dimensions else "county"
    names = areas.all_names() if by == "county" else {}
    lines = [
        {**line, "label": _label(line, names, by), "pair": shown.benefits(line)} for line in result["dimensions"][by]
    ]
    snapshot = simulation.snapshot
    first, last = snapshot.valid_from, snapshot.valid_until
    months = (last.year - first.year) * 12 + last.month - first.month
    return {
        "whole": result["whole"],
        "benefits": shown.benefits(result["whole"]),
        "layers": shown.layers(result["whole"]),
        "parts": shown.parts(result["whole"]),
        "reserves": shown.reserves(result["funds"], simulation.reserves, months),
        "months": months,
        "by": by,
        "by_label": dimensions[by],
        "dimensions": shown.DIMENSIONS,
        "lines": lines,
        "has_persons": by in report.OF_PERSONS,
        "classes": result["classes"],
        "most": max(line["persons"] for line in result["classes"]),
        "clauses": _clauses(result),
    }


def _label(line: dict[str, Any], names: dict[str, str], by: str) -> str:
    """A county of ours by its name; another city's by its pooling area and code."""
    if by != "county":
        return str(line["label"])
    return names.get(line["code"]) or f"{line['label']}（{line['code']}）"


def _clauses(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The clauses of both sides in one table, the largest change first."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for side in ("before", "after"):
        for line in result["clauses"][side]:
            key = (line["scheme"], line["part"], *line["parameters"], *line["places"])
            kept = found.setdefault(key, {**line, "before": 0, "after": 0})
            kept[side] += line["amount"]
    lines = sorted(found.values(), key=lambda line: -abs(line["after"] - line["before"]))
    for line in lines:
        line["pair"] = shown.Pair(Part.label_of(line["part"]), line["before"], line["after"])
        line["scheme"] = Scheme.label_of(line["scheme"])
    return lines


@access.desk(*entrance.READERS)
def kept(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """待遇不降低 (WZ-59): the whole, each group, and who loses most."""
    simulation = entrance.simulation_of(request, simulation_id)
    if not simulation.result:
        raise Http404("这次测算还没有结果。")
    names = {**areas.all_names(), **{key: label for key, label in shown.DIMENSIONS}, "whole": "合计"}
    result = simulation.result
    for line in result["dimensions"]["county"]:
        line["label"] = _label(line, names, "county")
    form = LoserFilter(request.GET)
    form.is_valid()
    losers = [(person, loss) for person, loss in result["losers"] if form.keeps(person, loss)]
    context = {
        "title": "待遇不降低",
        "simulation": simulation,
        "benefits": shown.benefits(result["whole"]),
        "whole": result["whole"],
        "falls": [(names[kind], label, amount) for kind, label, amount in report.worse_off(result)],
        "most": len(result["losers"]),
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page_of(request, losers),
    }
    return render(request, "simulation/kept.html", context)


@access.desk(*entrance.READERS)
def workbook(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """The report as xlsx; written down and limited like every download."""
    simulation = entrance.simulation_of(request, simulation_id)
    if not simulation.result:
        raise Http404("这次测算还没有结果。")
    exports.record(simulation, by=access.staff(request))
    return attachment(documents.render(simulation), name=f"simulation-{simulation.pk}.xlsx", kind=XLSX)

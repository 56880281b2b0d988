"""测算: the list, composing a scenario, its report, whether benefits fall, two reports side by side.

A report counts the people of the whole city, so only city staff read it; no small cell is hidden from them.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Scheme
from bureau.organization.selectors import areas
from bureau.organization.terms import Duty
from bureau.policy.rules import packs
from bureau.policy.selectors import laws
from bureau.simulation.documents import workbook as documents
from bureau.simulation.forms import ScenarioForm, SimulationFilter
from bureau.simulation.models import Simulation
from bureau.simulation.rules import report, scenarios, shown
from bureau.simulation.rules.scenarios import Composed
from bureau.simulation.selectors import simulations as selectors
from bureau.simulation.selectors import snapshots
from bureau.simulation.services import exports
from bureau.simulation.services import scenarios as scenario_services
from bureau.simulation.services import simulations as services
from bureau.simulation.terms import Part, SimulationStage
from bureau.trail import selectors as trail

READERS = (Duty.POLICY, Duty.POLICY_CHECK, Duty.LEADER_CITY, Duty.FINANCE, Duty.AUDIT)
MAKERS = (Duty.POLICY, Duty.LEADER_CITY, Duty.FINANCE)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@access.desk(*READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The simulations, newest first."""
    form = SimulationFilter(request.GET or None)
    found = selectors.listed(access.staff(request), **(form.values() if form.is_bound else {}))
    context = {
        "title": "测算",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page_of(request, found),
        "may_make": access.may(request, *MAKERS),
    }
    return render(request, "simulation/simulations.html", context)


@access.desk(*MAKERS)
def new(request: HttpRequest) -> HttpResponse:
    """Type new values beside the present ones, and run; `?release=` begins with a draft as the other law."""
    by = access.staff(request)
    choices = laws.choices()
    kept = list(snapshots.visible_to(by))
    if not choices or not kept:
        raise BusinessError("simulation.nothing_to_run", "还没有政策发布或费用快照，请先发布政策、生成快照。")
    initial = {
        "name": f"方案 {timezone.localtime():%m-%d %H:%M}",
        "base": choices[0][0],
        "other": request.GET.get("release", ""),
        "snapshot": next((held.key for held in kept if not held.is_synthetic), kept[0].key),
    }
    form = ScenarioForm(
        request.POST or None,
        initial=initial,
        snapshots=[(held.key, f"{held}（{held.claims:,} 张）") for held in kept],
        laws=choices,
    )
    typed = {name: str(text) for name, text in request.POST.items() if name[:1] == "v" and name[1:].isdigit()}
    composed = Composed()
    if request.method == "POST" and form.is_valid() and request.POST.get("action") != "search":
        composed, simulation = _make(request, form, typed)
        if simulation is not None:
            return redirect("simulation:simulation", simulation_id=simulation.pk)
    release = _number(form["base"].value()) or choices[0][0]
    held = next((one for one in kept if one.key == form["snapshot"].value()), kept[0])
    fields = scenarios.fields(packs.load_bytes(laws.content_of(release)), held.valid_from, form["search"].value() or "")
    names = {field.name for field in fields}
    context = {
        "title": "新建测算",
        "form": form,
        "rows": [
            (field, scenarios.labels_text(field.row.labels), typed.get(field.name, ""), composed.faults.get(field.name))
            for field in fields
        ],
        "hidden": [(name, text) for name, text in typed.items() if name not in names],
    }
    return render(request, "simulation/new.html", context)


def _make(request: HttpRequest, form: ScenarioForm, typed: dict[str, str]) -> tuple[Composed, Simulation | None]:
    """The scenario and its simulation, or what is wrong with what was typed."""
    by, data = access.staff(request), form.cleaned_data
    base = laws.content_of(int(data["base"]))
    other = laws.content_of(int(data["other"])) if data["other"] else None
    composed = Composed()
    snapshot = snapshots.named(data["snapshot"])
    assert snapshot is not None  # noqa: S101  the form has chosen from those that are there
    try:
        present = packs.load_bytes(other or base)
        composed = scenarios.compose(other or base, present, typed, snapshot.valid_from, data["name"])
        if composed.faults:
            form.add_error(None, composed.faults.get("", "有的新值读不出，请看各行的说明。"))
            return composed, None
        scenario = scenario_services.create(
            name=data["name"],
            base=base,
            base_year=data["base_year"],
            other=other,
            year=data["year"],
            changes=composed.changes,
            by=by,
        )
        return composed, services.start(scenario=scenario, snapshot=snapshot, reserves=form.reserves(), by=by)
    except BusinessError as error:
        form.add_error(None, error.message)
        return composed, None


@access.desk(*READERS)
def show(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """One report."""
    simulation = _simulation(request, simulation_id)
    context = {
        **_state(simulation),
        "title": f"测算 {simulation.scenario.name}",
        "may_make": access.may(request, *MAKERS),
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


@access.desk(*READERS)
def progress(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """The live block of a simulation that is being computed."""
    state = _state(_simulation(request, simulation_id))
    return render(request, "simulation/parts/progress.html", {**state, "may_make": access.may(request, *MAKERS)})


@access.desk(*READERS)
def kept(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """待遇不降低 (WZ-59): the whole, each group, and who loses most."""
    simulation = _simulation(request, simulation_id)
    if not simulation.result:
        raise Http404("这次测算还没有结果。")
    names = {**areas.all_names(), **{key: label for key, label in shown.DIMENSIONS}, "whole": "合计"}
    result = simulation.result
    for line in result["dimensions"]["county"]:
        line["label"] = _label(line, names, "county")
    context = {
        "title": "待遇不降低",
        "simulation": simulation,
        "benefits": shown.benefits(result["whole"]),
        "whole": result["whole"],
        "falls": [(names[kind], label, amount) for kind, label, amount in report.worse_off(result)],
        "page": page_of(request, result["losers"]),
    }
    return render(request, "simulation/kept.html", context)


@access.desk(*READERS)
def compare(request: HttpRequest) -> HttpResponse:
    """Two reports side by side."""
    done = selectors.visible_to(access.staff(request)).filter(stage=SimulationStage.DONE.value)[:50]
    by_key = {one.pk: one for one in done}
    sides = [by_key.get(_number(request.GET.get(name))) for name in ("a", "b")]
    pairs = []
    if all(sides):
        columns = [shown.layers(side.result["whole"]) for side in sides if side and side.result]
        pairs = list(zip(*columns, strict=True))
    context = {"title": "对比测算", "done": done, "sides": sides, "pairs": pairs}
    return render(request, "simulation/compare.html", context)


@require_POST
@access.desk(*MAKERS)
def cancel(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Stop computing."""
    services.cancel(_simulation(request, simulation_id), by=access.staff(request))
    messages.info(request, "已取消计算；算完的部分保留，可以接着算。")
    return redirect("simulation:simulation", simulation_id=simulation_id)


@require_POST
@access.desk(*MAKERS)
def resume(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Go on where it stopped."""
    services.resume(_simulation(request, simulation_id), by=access.staff(request))
    return redirect("simulation:simulation", simulation_id=simulation_id)


@access.desk(*MAKERS)
def delete(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Take a scenario and its results away, after a look at which."""
    simulation = _simulation(request, simulation_id)
    if request.method == "POST":
        scenario_services.delete(simulation.scenario, by=access.staff(request))
        messages.info(request, f"已删除测算方案“{simulation.scenario}”。")
        return redirect("simulation:simulations")
    context = {
        "title": "删除测算方案",
        "what": f"删除测算方案“{simulation.scenario}”及其结果。",
        "facts": [("建立人", simulation.created_by), ("结果指纹", simulation.sha256 or "—")],
        "button": "删除方案",
        "danger": True,
        "back_url": reverse("simulation:simulation", args=[simulation.pk]),
    }
    return render(request, "portal/confirm.html", context)


@access.desk(*READERS)
def workbook(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """The report as xlsx; written down and limited like every download."""
    simulation = _simulation(request, simulation_id)
    if not simulation.result:
        raise Http404("这次测算还没有结果。")
    exports.record(simulation, by=access.staff(request))
    response = HttpResponse(documents.render(simulation), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="simulation-{simulation.pk}.xlsx"'
    return response


def _simulation(request: HttpRequest, simulation_id: int) -> Simulation:
    found = selectors.visible_to(access.staff(request)).filter(pk=simulation_id).first()
    if found is None:
        raise Http404("没有这次测算，或它不在您的办理范围内。")
    return found


def _state(simulation: Simulation) -> dict[str, Any]:
    return {
        "simulation": simulation,
        "is_live": simulation.stage == SimulationStage.COMPUTING,
        "counted": trail.progress(simulation.run_id) if simulation.run_id else None,
    }


def _number(text: object) -> int:
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

"""A new scenario: values typed beside the present ones."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bureau.console import access
from bureau.funds.selectors import balances
from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs
from bureau.policy.selectors import laws
from bureau.simulation.forms import ScenarioForm
from bureau.simulation.models import Simulation
from bureau.simulation.rules import scenarios
from bureau.simulation.rules.scenarios import Composed
from bureau.simulation.selectors import snapshots
from bureau.simulation.services import scenarios as scenario_services
from bureau.simulation.services import simulations as services
from bureau.simulation.views import entrance


@access.desk(*entrance.MAKERS)
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
        **ScenarioForm.reserves_of(balances.reserves(by)),
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
    release = entrance.number(form["base"].value()) or choices[0][0]
    held = next((one for one in kept if one.key == form["snapshot"].value()), kept[0])
    rulebook, search = packs.load_bytes(laws.content_of(release)), form["search"].value() or ""
    # What is wrong stands first, whatever was searched for.
    wrong = [field for field in scenarios.fields(rulebook, held.valid_from) if field.name in composed.faults]
    found = [field for field in scenarios.fields(rulebook, held.valid_from, search) if field not in wrong]
    fields = [*wrong, *found]
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
            form.add_error(None, composed.faults.get("", "有的新值读不出，已排在参数表最前面，请看各行的说明。"))
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

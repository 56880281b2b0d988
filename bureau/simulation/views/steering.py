"""A simulation on its way: how far it is, stopped, taken up again, taken away."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bureau.console import access
from bureau.simulation.services import scenarios as scenario_services
from bureau.simulation.services import simulations as services
from bureau.simulation.views import entrance


@access.desk(*entrance.READERS)
def progress(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """The live block of a simulation that is being computed."""
    state = entrance.state_of(entrance.simulation_of(request, simulation_id))
    return render(
        request, "simulation/parts/progress.html", {**state, "may_make": access.may(request, *entrance.MAKERS)}
    )


@require_POST
@access.desk(*entrance.MAKERS)
def cancel(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Stop computing."""
    services.cancel(entrance.simulation_of(request, simulation_id), by=access.staff(request))
    messages.info(request, "已取消计算；算完的部分保留，可以接着算。")
    return redirect("simulation:simulation", simulation_id=simulation_id)


@require_POST
@access.desk(*entrance.MAKERS)
def resume(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Go on where it stopped."""
    services.resume(entrance.simulation_of(request, simulation_id), by=access.staff(request))
    return redirect("simulation:simulation", simulation_id=simulation_id)


@access.desk(*entrance.MAKERS)
def delete(request: HttpRequest, simulation_id: int) -> HttpResponse:
    """Take a scenario and its results away, after a look at which."""
    simulation = entrance.simulation_of(request, simulation_id)
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

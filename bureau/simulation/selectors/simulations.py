"""Scenarios and simulations as the pages and the worker read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.selectors.scope import narrow
from bureau.simulation.models import Scenario, Simulation

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def visible_to(by: Staff) -> QuerySet[Simulation]:
    """The simulations, newest first, without the bytes of the laws."""
    found = Simulation.objects.select_related("scenario", "snapshot", "created_by")
    return narrow(found.defer("scenario__content", "scenario__base_content"), by)


def listed(by: Staff, *, name: str = "", stage: str = "") -> QuerySet[Simulation]:
    """The same for the list: searched, without results."""
    found = visible_to(by).defer("result", "scenario__content", "scenario__base_content")
    if name:
        found = found.filter(scenario__name__icontains=name)
    return found.filter(stage=stage) if stage else found


def scenarios(by: Staff) -> QuerySet[Scenario]:
    """The scenarios, without the bytes of the laws."""
    return narrow(Scenario.objects.defer("content", "base_content").select_related("created_by"), by)


def for_run(run_id: int) -> Simulation | None:
    """The simulation that a long job carries on."""
    return Simulation.objects.select_related("scenario", "snapshot").filter(run_id=run_id).first()


def of_scenario(name: str) -> Simulation | None:
    """The newest simulation of the scenario with this name."""
    return Simulation.objects.filter(scenario__name=name).first()

"""Who enters, and what every page of a simulation asks first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404

from bureau.console import access
from bureau.organization.terms import Duty
from bureau.simulation.selectors import simulations as selectors
from bureau.simulation.terms import SimulationStage
from bureau.trail import selectors as trail

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bureau.simulation.models import Simulation

READERS = (Duty.POLICY, Duty.POLICY_CHECK, Duty.LEADER_CITY, Duty.FINANCE, Duty.AUDIT)
MAKERS = (Duty.POLICY, Duty.LEADER_CITY, Duty.FINANCE)


def simulation_of(request: HttpRequest, simulation_id: int) -> Simulation:
    """The simulation of an address, if this person may see it."""
    found = selectors.visible_to(access.staff(request)).filter(pk=simulation_id).first()
    if found is None:
        raise Http404("没有这次测算，或它不在您的办理范围内。")
    return found


def state_of(simulation: Simulation) -> dict[str, Any]:
    """How far it has come."""
    return {
        "simulation": simulation,
        "is_live": simulation.stage == SimulationStage.COMPUTING,
        "counted": trail.progress(simulation.run_id) if simulation.run_id else None,
    }


def number(text: object) -> int:
    """A key from an address or a form; 0, which is no key, for anything else."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else 0

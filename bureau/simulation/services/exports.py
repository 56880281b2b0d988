"""Reports that leave the house are written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.simulation.models import Simulation


@transaction.atomic
def record(simulation: Simulation, *, by: Staff) -> None:
    """Who took which report out, and how many people it numbers."""
    losers = len((simulation.result or {}).get("losers", []))
    actions.record(
        action="simulation.exported",
        subject_kind="simulation",
        subject_key=str(simulation.pk),
        summary=f"导出测算{simulation}的报告，列出待遇降低的 {losers} 人（只有编号）。",
        detail={"sha256": simulation.sha256},
        by=by,
    )

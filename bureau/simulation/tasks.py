"""Simulations are computed here, never in the web process; state stands in PostgreSQL."""

from __future__ import annotations

import logging
from datetime import date

from celery import shared_task
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.simulation.services import simulations, snapshots
from bureau.trail.selectors import due_steps
from bureau.trail.services import runs

log = logging.getLogger(__name__)

SECONDS = 20.0


# Compiling for the first time takes longer than other tasks may.
@shared_task(name=simulations.JOB, ignore_result=True, soft_time_limit=150, time_limit=180)
@walls.as_system()
def run(run_id: int) -> None:
    """Carry a simulation on."""
    simulations.work(run_id, seconds=SECONDS)
    if due_steps(run_id):
        runs.start(simulations.JOB, run_id=run_id)


@shared_task(name="simulation.build_snapshot", ignore_result=True, soft_time_limit=240, time_limit=270)
@walls.as_system()
def build_snapshot() -> None:
    """On the 2nd: the claims of the year up to the last month, for next simulations."""
    until = timezone.localdate().replace(day=1)
    first = date(until.year if until.month > 1 else until.year - 1, 1, 1)
    try:
        snapshots.build(valid_from=first, valid_until=until, by=None)
    except BusinessError as error:
        log.info("no snapshot: %s", error.message)

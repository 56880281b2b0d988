"""Large rosters are read here, never in the web process; a hint may come twice, late or never."""

from __future__ import annotations

from celery import shared_task

from bureau import walls
from bureau.trail.selectors import due_steps
from bureau.trail.services import runs
from relief.services import arrivals


# A file may hold 200,000 rows; it is read in one transaction.
@shared_task(name=arrivals.JOB, ignore_result=True, soft_time_limit=240, time_limit=270)
@walls.as_system()
def read_roster(run_id: int) -> None:
    """Read a file that was handed in."""
    arrivals.work(run_id)
    if due_steps(run_id):
        runs.start(arrivals.JOB, run_id=run_id)

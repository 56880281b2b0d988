"""The trail's own periodic work."""

from __future__ import annotations

from celery import shared_task

from bureau import walls
from bureau.trail.services import chain, sweeper


@shared_task(name="trail.sweep", ignore_result=True)
@walls.as_system()
def sweep() -> None:
    """Each minute: hint at jobs that were left."""
    sweeper.sweep()


@shared_task(name="trail.seal", ignore_result=True)
@walls.as_system()
def seal() -> None:
    """Twice a minute: seal what was written."""
    chain.seal()


@shared_task(name="trail.verify", ignore_result=True)
@walls.as_system()
def verify(run_id: int | None = None) -> None:
    """Each night, or where the sweeper found it left: walk along the whole chain."""
    if run_id is None:
        chain.verify_day(chain.yesterday())
    else:
        chain.continue_run(run_id)

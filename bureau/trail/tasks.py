"""The trail's own periodic work."""

from __future__ import annotations

from celery import shared_task

from bureau import walls
from bureau.trail.services import sweeper


@shared_task(name="trail.sweep", ignore_result=True)
@walls.as_system()
def sweep() -> None:
    """Each minute: hint at jobs that were left."""
    sweeper.sweep()

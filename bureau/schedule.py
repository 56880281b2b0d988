"""Every periodic task in one table. Each is idempotent, so a tick lost or doubled does no harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the timetable: which task, when, and what staff may expect of it."""

    task: str
    when: crontab | float
    sentence: str


SCHEDULE: tuple[Periodic, ...] = ()


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table in the shape that Celery beat reads."""
    return {line.task: {"task": line.task, "schedule": line.when} for line in SCHEDULE}

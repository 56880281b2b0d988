"""Clearing away, each night: counts that have run out, and sessions that are over."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command

from bureau.organization.services import tallies


@shared_task(name="organization.clear_ended", ignore_result=True)
def clear_ended() -> None:
    """What has run out is of no use to anybody."""
    tallies.clear_ended()
    call_command("clearsessions")

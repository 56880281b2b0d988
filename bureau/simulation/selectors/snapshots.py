"""Snapshots and their files; only the file's key is kept, the folder is a setting."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from bureau.organization.selectors.scope import narrow
from bureau.simulation.models import Snapshot

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def visible_to(by: Staff) -> QuerySet[Snapshot]:
    """The snapshots, newest first: the city's own, no county's."""
    return narrow(Snapshot.objects.all(), by)


def named(key: str) -> Snapshot | None:
    """The snapshot with this key."""
    return Snapshot.objects.filter(key=key).first()


def path_of(key: str) -> Path:
    """Where the file of a snapshot lies."""
    return Path(settings.SNAPSHOT_DIR) / f"{key}.parquet"

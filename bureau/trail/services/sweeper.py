"""Finds long jobs that were left: whatever happened to a hint, each open run is hinted at again within a minute."""

from __future__ import annotations

from django.db import connection, transaction

from bureau.trail.models import Run
from bureau.trail.services import runs
from bureau.trail.terms import RunStage

# Any constant; it keeps two sweepers of the same minute from doubling the hints.
_SWEEPER_LOCK = 7_201_051_700


@transaction.atomic
def sweep() -> int:
    """Hint at every open run; gives how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SWEEPER_LOCK])
        (is_ours,) = cursor.fetchone()
    if not is_ours:
        return 0
    left = list(Run.objects.filter(stage=RunStage.OPEN.value).order_by("pk").values_list("job", "pk"))
    for job, run_id in left:
        runs.start(job, run_id=run_id)
    return len(left)

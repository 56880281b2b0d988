"""One gate between adjudication and the freezing of a month: many may adjudicate at once, a freeze waits for them all
and lets nobody in until its claims are marked. Otherwise a claim could be settled by a version that is being replaced.
"""

from __future__ import annotations

from django.db import connection

# Any constant of our own.
_GATE = 7_201_051_702


def share() -> None:
    """Adjudicate inside the present transaction; waits while a month is being frozen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_GATE])


def close() -> None:
    """Freeze inside the present transaction; waits until nobody adjudicates."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_GATE])

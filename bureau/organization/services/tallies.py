"""How often something happened within a while. One statement counts and tells, so several processes count as one.

Counting comes before the deed: whoever asks a hundred times at once still gets no more than `most` answers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from bureau.organization.models import Tally

# With the last permitted count the while begins anew: that is the pause.
_COUNT = """
    INSERT INTO organization_tally AS held (key, count, ends_at) VALUES (%(key)s, 1, %(end)s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN held.ends_at <= %(now)s THEN 1 ELSE LEAST(held.count + 1, 1000000) END,
        ends_at = CASE WHEN held.ends_at <= %(now)s OR held.count + 1 = %(most)s THEN %(end)s ELSE held.ends_at END
    RETURNING count, ends_at
"""


class Count(NamedTuple):
    """Where the count stands; `left` is negative once it is over."""

    left: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        return self.left < 0

    @property
    def seconds(self) -> int:
        """How long until it starts from nought."""
        return max(1, round((self.ends_at - timezone.now()).total_seconds()))


def take(key: str, *, most: int, within: timedelta) -> Count:
    """Count one more under `key`; over when it is more than `most` within the while."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"key": key, "now": now, "end": now + within, "most": most})
        count, ends_at = cursor.fetchone()
    return Count(most - count, ends_at)


def give_back(key: str) -> None:
    """One was no misuse after all."""
    Tally.objects.filter(key=key).update(count=Greatest(F("count") - 1, 0))


def forget(*keys: str) -> int:
    """Start from nought at once; how many of the keys were held."""
    return Tally.objects.filter(key__in=keys).delete()[0]


def clear_ended() -> int:
    """Drop what has run out; how many."""
    return Tally.objects.filter(ends_at__lt=timezone.now()).delete()[0]

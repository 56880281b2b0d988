"""Begin, end and take back statuses, many at a time: set-based, in the transaction of the roster that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from relief.models import ReliefStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from bureau.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Applied:
    """How many statuses a roster began and ended."""

    begun: int
    ended: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a revocation undid, and the statuses that stay because money was settled on them."""

    removed: int
    reopened: int
    kept: list[ReliefStatus]


def apply_roster(*, batch_id: int, source: str, area_code: str, month: Month, next_month: bool) -> Applied:
    """Make the standing list of (source, area) what the judged rows of the batch say.

    Exits end at the start of the next month (decision 10); what is new begins there too where the city says so
    (WR-04), else on the day of recognition, but not before the month of the roster. The caller holds the transaction.
    """
    keys: dict[str, Any] = {
        "batch": batch_id,
        "source": source,
        "area": area_code,
        "month": month.first_day,
        "boundary": month.end,
        "next_month": next_month,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WANTED, keys)
        cursor.execute(_END_EXITED, keys)
        ended: int = cursor.rowcount
        cursor.execute(_END_CHANGED, keys)
        ended += cursor.rowcount
        cursor.execute(_FOLLOW_TOWN, keys)
        cursor.execute(_BEGIN, keys)
        begun: int = cursor.rowcount
        cursor.execute("DROP TABLE wanted_status")
    return Applied(begun=begun, ended=ended)


def take_back(*, batch_id: int) -> TakenBack:
    """Remove what the batch began and reopen what it ended, except where the person's care was settled since."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM relief_reliefstatus WHERE begun_by_id = %s"
            " AND (settled_until IS NULL OR settled_until <= valid_from)",
            [batch_id],
        )
        removed: int = cursor.rowcount
        cursor.execute(
            "UPDATE relief_reliefstatus SET valid_until = NULL, ended_by_id = NULL WHERE ended_by_id = %s"
            " AND (settled_until IS NULL OR settled_until <= valid_until)",
            [batch_id],
        )
        reopened: int = cursor.rowcount
    touched = ReliefStatus.objects.filter(begun_by=batch_id) | ReliefStatus.objects.filter(ended_by=batch_id)
    return TakenBack(removed, reopened, list(touched.select_related("person").order_by("person_id", "category")))


@transaction.atomic
def mark_settled(*, care: Iterable[tuple[int, date]]) -> int:
    """Note that care of (person, day) was settled: the statuses that decided it can no longer be taken back silently.

    Settlement calls this with the latest settled day of each person; statuses that had ended by then are marked too,
    since their absence decided as well.
    """
    latest: dict[int, date] = {}
    for person_id, day in care:
        latest[person_id] = max(day, latest.get(person_id, day))
    if not latest:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_MARK_SETTLED, [list(latest), list(latest.values())])
        marked: Any = cursor.rowcount
        return int(marked)


_WANTED = """
    CREATE TEMPORARY TABLE wanted_status ON COMMIT DROP AS
    SELECT DISTINCT ON (entry.person_id, held.category)
           entry.person_id, held.category, entry.town, entry.village, entry.granted_on,
           CASE WHEN %(next_month)s THEN %(boundary)s::date
                ELSE greatest(coalesce(entry.granted_on, %(month)s::date), %(month)s::date) END AS begins_on
      FROM relief_rosterentry entry
     CROSS JOIN LATERAL jsonb_array_elements_text(entry.categories) AS held(category)
     WHERE entry.batch_id = %(batch)s AND entry.verdict IN ('new', 'changed', 'unchanged')
     ORDER BY entry.person_id, held.category, entry.line
"""
# A status cannot end on the day it begins; one that an earlier, half revoked roster of the month left lives one month.
_END_EXITED = """
    UPDATE relief_reliefstatus status
       SET valid_until = CASE WHEN status.valid_from < %(boundary)s THEN %(boundary)s::date
                              ELSE (date_trunc('month', status.valid_from) + interval '1 month')::date END,
           ended_by_id = %(batch)s
      FROM relief_rosterentry entry
     WHERE entry.batch_id = %(batch)s AND entry.verdict = 'exited' AND entry.person_id = status.person_id
       AND status.source = %(source)s AND status.area_id = %(area)s
       AND (status.valid_until IS NULL OR status.valid_until > %(boundary)s)
"""
_END_CHANGED = """
    UPDATE relief_reliefstatus status
       SET valid_until = greatest(listed.begins_on, status.valid_from + 1), ended_by_id = %(batch)s
      FROM (SELECT person_id, min(begins_on) AS begins_on FROM wanted_status GROUP BY person_id) listed
     WHERE listed.person_id = status.person_id
       AND status.source = %(source)s AND status.area_id = %(area)s
       AND (status.valid_until IS NULL OR status.valid_until > %(boundary)s)
       AND NOT EXISTS (SELECT 1 FROM wanted_status wanted
                        WHERE wanted.person_id = status.person_id AND wanted.category = status.category)
"""
_FOLLOW_TOWN = """
    UPDATE relief_reliefstatus status
       SET town = wanted.town, village = wanted.village
      FROM wanted_status wanted
     WHERE wanted.person_id = status.person_id AND wanted.category = status.category
       AND status.source = %(source)s AND status.area_id = %(area)s AND status.valid_until IS NULL
       AND wanted.town <> '' AND (wanted.town, wanted.village) <> (status.town, status.village)
"""
_BEGIN = """
    INSERT INTO relief_reliefstatus
           (person_id, source, category, area_id, town, village, granted_on, valid_from, begun_by_id)
    SELECT wanted.person_id, %(source)s, wanted.category, %(area)s, wanted.town, wanted.village, wanted.granted_on,
           wanted.begins_on, %(batch)s
      FROM wanted_status wanted
     WHERE NOT EXISTS (
           SELECT 1 FROM relief_reliefstatus status
            WHERE status.person_id = wanted.person_id AND status.category = wanted.category
              AND status.source = %(source)s AND status.area_id = %(area)s
              AND (status.valid_until IS NULL OR status.valid_until > wanted.begins_on))
     ORDER BY wanted.person_id, wanted.category
"""
_MARK_SETTLED = """
    UPDATE relief_reliefstatus status
       SET settled_until = care.day + 1
      FROM unnest(%s::bigint[], %s::date[]) AS care(person_id, day)
     WHERE status.person_id = care.person_id AND status.valid_from <= care.day
       AND (status.settled_until IS NULL OR status.settled_until <= care.day)
"""

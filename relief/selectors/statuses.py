"""Who is helped on a day: one person, many pairs in one query, and the list that a roster is held against."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection

from bureau.fields import valid_on
from bureau.fields.encrypted import decrypt
from bureau.kernel.terms import ReliefCategory
from bureau.organization.selectors.scope import narrow
from enrollment.selectors import people
from relief.models import PHONE_CONTEXT, ReliefStatus
from relief.rules.roster import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from relief.rules.roster import RosterRow

READ_AT_ONCE = 5_000


def status_on(person_id: int, day: date) -> ReliefStatus | None:
    """The highest-ranked status of a person on `day`."""
    standing = ReliefStatus.objects.filter(valid_on(day), person_id=person_id)
    return min(standing, key=lambda status: ReliefCategory(status.category).rank, default=None)


def categories_for(requests: Iterable[tuple[int, date]]) -> dict[tuple[int, date], ReliefCategory]:
    """The category that counts for many (person, day), in one query; pairs without status are absent."""
    wanted = sorted(set(requests))
    if not wanted:
        return {}
    found: dict[tuple[int, date], ReliefCategory] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CATEGORIES, [[person for person, _ in wanted], [day for _, day in wanted]])
        for person_id, day, code in cursor.fetchall():
            category = ReliefCategory(code)
            standing = found.get((person_id, day))
            if standing is None or category.rank < standing.rank:
                found[person_id, day] = category
    return found


def statuses_of(person_id: int) -> QuerySet[ReliefStatus]:
    """Every status a person ever had, the latest first."""
    return ReliefStatus.objects.select_related("area").filter(person_id=person_id).order_by("-valid_from", "category")


def visible_to(by: Staff) -> QuerySet[ReliefStatus]:
    """The statuses `by` may see."""
    return narrow(ReliefStatus.objects.select_related("person", "area"), by)


def standing_list(
    source: str, area_code: str, day: date, *, listed: Mapping[int, RosterRow] | None = None
) -> dict[int, Standing]:
    """Everybody on the list of (source, area) on `day` (decision 8), by person and in order of ID numbers.

    `listed` are the rows of people whom the caller knows already: what agrees with them is neither decrypted nor held
    in memory twice.
    """
    rows = listed or {}
    standing: dict[int, Standing] = {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(_STANDING_LIST, [source, area_code, day, day])
        while found := cursor.fetchmany(READ_AT_ONCE):
            for person_id, *values in found:
                standing[person_id] = _standing(values, rows.get(person_id))
    return {person_id: standing[person_id] for person_id in sorted(standing, key=lambda one: standing[one].id_number)}


def listed_elsewhere(source: str, area_code: str, person_ids: Iterable[int], day: date) -> dict[int, str]:
    """Person → name of another area on whose list of the same source the person stands from `day` on."""
    with connection.cursor() as cursor:
        cursor.execute(_LISTED_ELSEWHERE, [source, area_code, day, list(person_ids)])
        return dict(cursor.fetchall())


_CATEGORIES = """
    SELECT wanted.person_id, wanted.day, status.category
      FROM unnest(%s::bigint[], %s::date[]) AS wanted(person_id, day)
      JOIN relief_reliefstatus status
        ON status.person_id = wanted.person_id AND status.valid_from <= wanted.day
       AND (status.valid_until IS NULL OR status.valid_until > wanted.day)
"""
# The telephone number is that of the roster which brought the person, since that is what the next one is matched with.
_STANDING_LIST = """
    SELECT person.id, person.id_number, person.name, person.phone, array_agg(entry.phone),
           max(status.town), array_agg(DISTINCT status.category)
      FROM relief_reliefstatus status
      JOIN enrollment_person person ON person.id = status.person_id
      LEFT JOIN relief_rosterentry entry ON entry.batch_id = status.begun_by_id AND entry.person_id = person.id
     WHERE status.source = %s AND status.area_id = %s
       AND status.valid_from <= %s AND (status.valid_until IS NULL OR status.valid_until > %s)
     GROUP BY person.id
"""


_LISTED_ELSEWHERE = """
    SELECT status.person_id, area.name
      FROM relief_reliefstatus status JOIN organization_area area ON area.code = status.area_id
     WHERE status.source = %s AND status.area_id <> %s
       AND (status.valid_until IS NULL OR status.valid_until > %s) AND status.person_id = ANY(%s)
"""


def _standing(values: list[Any], row: RosterRow | None) -> Standing:
    id_number, name, own_phone, listed_phones, town, codes = values
    phones = {decrypt(phone, PHONE_CONTEXT) for phone in listed_phones if phone}
    return Standing(
        id_number=row.id_number if row else people.decrypted_id(id_number),
        name=row.name if row and row.name == name else name,
        categories=_identities(tuple(codes)),
        town=row.town if row and row.town == town else town,
        phone=max(phones, default="") or people.decrypted_phone(own_phone),
    )


@lru_cache(maxsize=1_024)
def _identities(codes: tuple[str, ...]) -> tuple[ReliefCategory, ...]:
    return tuple(sorted((ReliefCategory(code) for code in codes), key=lambda category: category.rank))

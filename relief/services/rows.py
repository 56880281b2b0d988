"""The judged rows of a batch as they are stored: written by COPY, read back by the thousand without an object each."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from bureau.fields.encrypted import as_json, decrypting, encrypting
from bureau.kernel.identity import mask_within
from bureau.kernel.terms import ReliefCategory
from enrollment.selectors import people
from relief.models import ID_CONTEXT, PHONE_CONTEXT, RAW_CONTEXT, RosterEntry
from relief.rules.roster import RosterRow
from relief.terms import SettledHow, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from bureau.trail.models import ImportBatch
    from relief.rules.roster import RowVerdict
    from relief.services.judging import Judgement

READ_AT_ONCE = 5_000

Settled = tuple[str, str]
_UNSETTLED: Settled = ("", "")


class StoredRow(NamedTuple):
    """A row of the file, or who exits or is held, with what was judged; `raw` is read only where it is asked for."""

    line: int | None
    id_number: str
    name: str
    categories: tuple[str, ...]
    category: str
    previous_category: str
    town: str
    village: str
    phone: str
    granted_on: date | None
    verdict: str
    code: str
    message: str
    warnings: tuple[tuple[str, str], ...]
    person_id: int | None
    settled_how: str = ""
    settled_reason: str = ""
    raw: dict[str, str] = {}  # noqa: RUF012  nobody writes to it


_COLUMNS = ", ".join(StoredRow._fields)
_STORED = ", ".join(
    f"{name}::text" if name in ("categories", "warnings") else name for name in StoredRow._fields if name != "raw"
)


def stored(batch: ImportBatch) -> Iterator[StoredRow]:
    """The rows of the file in its order, without their texts; exits are not among them."""
    decrypt_id, decrypt_phone = decrypting(ID_CONTEXT), decrypting(PHONE_CONTEXT)
    # What says the same in many rows is one text in memory.
    shared: dict[str, str] = {}
    same = shared.setdefault
    with connection.chunked_cursor() as cursor:
        cursor.execute(_READ, [batch.pk])
        while found := cursor.fetchmany(READ_AT_ONCE):
            for (
                line,
                id_number,
                name,
                categories,
                category,
                previous,
                town,
                village,
                phone,
                granted_on,
                verdict,
                code,
                message,
                warnings,
                *rest,
            ) in found:
                yield StoredRow(
                    line,
                    decrypt_id(id_number),
                    name,
                    _codes(categories),
                    same(category, category),
                    same(previous, previous),
                    same(town, town),
                    same(village, village),
                    decrypt_phone(phone),
                    granted_on,
                    same(verdict, verdict),
                    same(code, code),
                    message,
                    _pairs(warnings),
                    *rest,
                )


def set_aside(batch: ImportBatch) -> frozenset[int]:
    """The lines that were taken out of the batch."""
    aside = RosterEntry.objects.filter(batch=batch, settled_how=SettledHow.SET_ASIDE, line__isnull=False)
    return frozenset(line for line in aside.values_list("line", flat=True) if line is not None)


def as_row(stored_row: StoredRow | RosterEntry) -> RosterRow:
    """The row as it was read from the file."""
    return RosterRow(
        line=stored_row.line or 0,
        id_number=stored_row.id_number,
        name=stored_row.name,
        categories=_identities(tuple(stored_row.categories)),
        town=stored_row.town,
        village=stored_row.village,
        phone=stored_row.phone,
        granted_on=stored_row.granted_on,
        raw=stored_row.raw,
        error=stored_row.code,
        message=stored_row.message,
        warnings=tuple((code, message) for code, message in stored_row.warnings),
    )


def judged(judgement: Judgement, settled: Mapping[int, Settled]) -> Iterator[StoredRow]:
    """What to store of the rows of the file."""
    people_known = judgement.person_ids
    for verdict in judgement.comparison.verdicts:
        yield _judged(verdict, people_known.get(verdict.row.id_number), settled.get(verdict.row.line, _UNSETTLED))


def gone(judgement: Judgement) -> Iterator[StoredRow]:
    """What to store of those who are not in the file: exits, then the held."""
    found = [(person, Verdict.EXITED, "") for person in judgement.comparison.exits]
    found += [
        (held.standing, Verdict.HELD, f"第 {held.line} 行身份证号无法识别，但显然是本人，暂不退出。")
        for held in judgement.comparison.held
    ]
    for person, verdict, message in found:
        yield StoredRow(
            line=None,
            id_number="",
            name=person.name,
            categories=person.categories,
            category="",
            previous_category=str(person.category),
            town=person.town,
            village="",
            phone=person.phone,
            granted_on=None,
            verdict=verdict.value,
            code="",
            message=message,
            warnings=(),
            person_id=judgement.person_ids[person.id_number],
        )


def insert(batch: ImportBatch, found: Iterable[StoredRow]) -> None:
    """Add rows to a batch, nothing in them that tells in plain text who it is."""
    encrypt_id, encrypt_phone, encrypt_raw = map(encrypting, (ID_CONTEXT, PHONE_CONTEXT, RAW_CONTEXT))
    # COPY goes into a temporary table, since the walls around counties would refuse it into the table itself.
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVING)
        with cursor.copy(f"COPY arriving_entry ({_COLUMNS}, id_index) FROM STDIN") as copy:
            for row in found:
                copy.write_row(
                    (
                        row.line,
                        encrypt_id(row.id_number),
                        row.name,
                        _json(row.categories),
                        row.category,
                        row.previous_category,
                        row.town,
                        row.village,
                        encrypt_phone(row.phone),
                        row.granted_on,
                        row.verdict,
                        row.code,
                        row.message,
                        _json(row.warnings),
                        row.person_id,
                        row.settled_how,
                        row.settled_reason,
                        encrypt_raw(as_json(row.raw)),
                        people.id_index(row.id_number) if row.id_number else None,
                    )
                )
        cursor.execute(_INSERT, [batch.pk, batch.area_code])
        cursor.execute("DROP TABLE arriving_entry")


def name_people(batch: ImportBatch) -> None:
    """Note whom the rows to be applied mean, now that everybody has a file; repetitions in error are of them too."""
    with connection.cursor() as cursor:
        cursor.execute(_NAME_PEOPLE, {"batch": batch.pk})


_READ = f"SELECT {_STORED} FROM relief_rosterentry WHERE batch_id = %s AND line IS NOT NULL ORDER BY line"  # noqa: S608 - names of this module
_ARRIVING = """
    CREATE TEMPORARY TABLE arriving_entry (
        line int, id_number bytea, name text, categories jsonb, category text, previous_category text, town text,
        village text, phone bytea, granted_on date, verdict text, code text, message text, warnings jsonb,
        person_id bigint, settled_how text, settled_reason text, raw bytea, id_index bytea
    ) ON COMMIT DROP
"""
_INSERT = f"""
    INSERT INTO relief_rosterentry (batch_id, area_id, {_COLUMNS}, id_index)
    SELECT %s, %s, {_COLUMNS}, id_index FROM arriving_entry ORDER BY line NULLS LAST, name
"""  # noqa: S608 - names of this module
# No join of a roster with itself: the planner knows nothing yet of rows that came in this hour.
_NAME_PEOPLE = """
    UPDATE relief_rosterentry entry SET person_id = person.id
      FROM enrollment_person person
     WHERE entry.batch_id = %(batch)s AND entry.person_id IS NULL AND person.id_index = entry.id_index
       AND (entry.verdict IN ('new', 'changed', 'unchanged')
            OR entry.id_index IN (
               SELECT id_index FROM relief_rosterentry
                WHERE batch_id = %(batch)s AND person_id IS NULL AND verdict IN ('new', 'changed', 'unchanged')))
"""


def _judged(found: RowVerdict, person_id: int | None, settled: Settled) -> StoredRow:
    row, standing = found.row, found.standing
    return StoredRow(
        row.line,
        row.id_number,
        row.name,
        row.categories,
        str(row.category) if row.categories else "",
        str(standing.category) if standing else "",
        row.town,
        row.village,
        row.phone,
        row.granted_on,
        found.verdict.value,
        row.error,
        mask_within(row.message)[:300],
        row.warnings,
        person_id,
        *settled,
        row.raw,
    )


# A list says the same few things in all its rows.


@lru_cache(maxsize=1_024)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@lru_cache(maxsize=1_024)
def _identities(codes: tuple[str, ...]) -> tuple[ReliefCategory, ...]:
    return tuple(map(ReliefCategory, codes))


@lru_cache(maxsize=1_024)
def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((code, message) for code, message in json.loads(text))


@lru_cache(maxsize=1_024)
def _json(value: tuple[object, ...]) -> str:
    return json.dumps(value, ensure_ascii=False)

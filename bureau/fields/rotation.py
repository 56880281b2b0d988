"""Bring every encrypted column to the current key, chunk by chunk; whoever starts again finds only what is left.

Columns that are kept (`is_kept`) are never rewritten: their keys stay in the ring as long as their rows stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import connection, models, transaction

from bureau.fields.encrypted import BlindIndexField, EncryptedField, blind_index, decrypt, key_ring
from bureau.kernel.errors import BusinessError

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Usage:
    """How many values of a column are encrypted with a key."""

    table: str
    column: str
    key: int
    rows: int
    is_kept: bool


def usages() -> list[Usage]:
    """Which key is used where, and how often."""
    found: list[Usage] = []
    with connection.cursor() as cursor:
        for model, fields in _encrypted_columns():
            table = model._meta.db_table
            for field in fields:
                cursor.execute(
                    f"SELECT get_byte({field.column}, 1) * 256 + get_byte({field.column}, 2), count(*)"  # noqa: S608
                    f" FROM {table} WHERE octet_length({field.column}) > 0 GROUP BY 1 ORDER BY 1"
                )
                found += [Usage(table, str(field.column), key, rows, field.is_kept) for key, rows in cursor.fetchall()]
    return found


def blocking(found: list[Usage]) -> dict[int, list[Usage]]:
    """Old key → what still needs it; a key that is in the ring and not here may be retired."""
    current = key_ring().current
    needed: dict[int, list[Usage]] = {key: [] for key in key_ring().numbers if key != current}
    for usage in found:
        if usage.key != current:
            needed.setdefault(usage.key, []).append(usage)
    return needed


def rotate(*, chunk: int = CHUNK) -> Iterator[tuple[str, int]]:
    """Re-encrypt what is left, a transaction each chunk; gives table and number of rows after every one."""
    for model, fields in _encrypted_columns():
        changeable = [field for field in fields if not field.is_kept]
        last: Any = 0
        while changeable:
            with transaction.atomic():
                rows = _left(model, changeable, last, chunk)
                if not rows:
                    break
                _write(model, changeable, rows)
            yield model._meta.db_table, len(rows)
            last = rows[-1][0]


def reindex(*, chunk: int = CHUNK) -> Iterator[tuple[str, int]]:
    """Compute every blind index anew, after its key was exchanged; until it is through, exact search finds nothing."""
    for model in apps.get_models(include_auto_created=True):
        for index in (field for field in model._meta.local_fields if isinstance(field, BlindIndexField)):
            yield model._meta.db_table, _reindexed(model, index, chunk)


def verify(*, chunk: int = CHUNK) -> Iterator[tuple[str, str, int, int]]:
    """Decrypt everything and hold it against its index: table, column, values, and how many are not what they were."""
    for model, fields in _encrypted_columns():
        indices = {field.of: field for field in model._meta.local_fields if isinstance(field, BlindIndexField)}
        for field in fields:
            seen = wrong = 0
            for encrypted, mark in _values(model, field, indices.get(field.name), chunk):
                seen += 1
                wrong += not _is_sound(field, encrypted, indices.get(field.name), mark)
            yield model._meta.db_table, str(field.column), seen, wrong


def _values(
    model: type[models.Model], field: EncryptedField, index: BlindIndexField | None, chunk: int
) -> Iterator[tuple[bytes, bytes | None]]:
    table, key, last = model._meta.db_table, model._meta.pk.column, 0
    mark = index.column if index else "NULL"
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {field.column}, {mark} FROM {table} WHERE {key} > %s"  # noqa: S608
                f" AND octet_length({field.column}) > 0 ORDER BY {key} LIMIT %s",
                [last, chunk],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        yield from ((bytes(row[1]), None if row[2] is None else bytes(row[2])) for row in rows)
        last = rows[-1][0]


def _is_sound(field: EncryptedField, encrypted: bytes, index: BlindIndexField | None, mark: bytes | None) -> bool:
    try:
        value = field.to_value(encrypted)
    except BusinessError:
        return False
    return index is None or mark == blind_index(value, index.context)


def _reindexed(model: type[models.Model], index: BlindIndexField, chunk: int) -> int:
    table, key, source = (
        model._meta.db_table,
        model._meta.pk.column,
        cast("EncryptedField", model._meta.get_field(index.of)),
    )
    done, last = 0, 0
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {source.column} FROM {table} WHERE {key} > %s AND octet_length({source.column}) > 0"  # noqa: S608
                f" ORDER BY {key} LIMIT %s FOR UPDATE",
                [last, chunk],
            )
            rows = cursor.fetchall()
            if not rows:
                return done
            indices = [blind_index(decrypt(bytes(value), source.context), index.context) for _, value in rows]
            cursor.execute(
                f"UPDATE {table} SET {index.column} = arrived.index"  # noqa: S608
                f" FROM unnest(%s::bigint[], %s::bytea[]) AS arrived(key, index) WHERE {table}.{key} = arrived.key",
                [[row[0] for row in rows], indices],
            )
            done, last = done + len(rows), rows[-1][0]


def _encrypted_columns() -> Iterator[tuple[type[models.Model], list[EncryptedField]]]:
    found: defaultdict[type[models.Model], list[EncryptedField]] = defaultdict(list)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            found[model] = [field for field in model._meta.local_fields if isinstance(field, EncryptedField)]
    yield from ((model, fields) for model, fields in found.items() if fields)


def _left(model: type[models.Model], fields: list[EncryptedField], last: Any, chunk: int) -> list[tuple[Any, ...]]:
    key = model._meta.pk.column
    stale = " OR ".join(
        f"(octet_length({field.column}) > 0 AND substring({field.column} FROM 1 FOR 3) <> %s)" for field in fields
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, {', '.join(str(field.column) for field in fields)} FROM {model._meta.db_table}"  # noqa: S608
            f" WHERE {key} > %s AND ({stale}) ORDER BY {key} LIMIT %s FOR UPDATE",
            [last, *[key_ring().header] * len(fields), chunk],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _write(model: type[models.Model], fields: list[EncryptedField], rows: list[tuple[Any, ...]]) -> None:
    table, key = model._meta.db_table, model._meta.pk.column
    names = [str(field.column) for field in fields]
    values = [[_again(field, row[place]) for row in rows] for place, field in enumerate(fields, start=1)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {', '.join(f'{name} = arrived.{name}' for name in names)}"  # noqa: S608
            f" FROM unnest(%s::bigint[], {', '.join('%s::bytea[]' for _ in names)}) AS arrived(key, {', '.join(names)})"
            f" WHERE {table}.{key} = arrived.key",
            [[row[0] for row in rows], *values],
        )


def _again(field: EncryptedField, encrypted: Any) -> bytes | None:
    if not encrypted:
        return None if encrypted is None else b""
    ring, context = key_ring(), field.context.encode()
    return ring.encrypt(ring.decrypt(bytes(encrypted), context), context)

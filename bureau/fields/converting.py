"""A migration's step from a plain column to an encrypted one: fill the new column in chunks, let the old one go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection as default_connection
from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError

from bureau import walls
from bureau.fields import encrypted as columns
from bureau.fields.encrypted import BlindIndexField, EncryptedField, EncryptedJSONField

CHUNK = 2_000
SUFFIX = "_encrypted"


@dataclass(frozen=True, slots=True)
class Index:
    """The blind index `name` of the text column `of`."""

    name: str
    of: str
    context: str


def encrypting(
    model: str,
    table: str,
    fields: dict[str, EncryptedField],
    *,
    indices: dict[str, BlindIndexField] | None = None,
    triggers: Sequence[str] = (),
    chunk: int = CHUNK,
) -> list[Any]:
    """Operations that encrypt the columns `fields` of a table in place; `triggers` are those that refuse any update."""
    indices = indices or {}
    copies = {name: _nullable(field) for name, field in fields.items()}
    first = [migrations.AddField(model, f"{name}{SUFFIX}", copy) for name, copy in copies.items()]
    first += [migrations.AddField(model, name, _nullable(field)) for name, field in indices.items()]
    encoders = {name: (f"{name}{SUFFIX}", _encoder(field)) for name, field in fields.items()}
    marks = [Index(name, field.of, field.context) for name, field in indices.items()]

    def forwards(_: Any, schema_editor: Any) -> None:
        # The owner stands behind the wall too: without this a walled table would seem empty.
        with walls.as_system(), _unlocked(schema_editor, table, triggers):
            fill(table, encoders, marks, chunk=chunk)

    last: list[Any] = []
    for name, field in fields.items():
        last += [
            migrations.RemoveField(model, name),
            migrations.RenameField(model, f"{name}{SUFFIX}", name),
            migrations.AlterField(model, name, field),
        ]
    last += [migrations.AlterField(model, name, field) for name, field in indices.items()]
    return [*first, migrations.RunPython(forwards, _refuse_to_go_back(table)), *last]


def fill(
    table: str,
    encoders: dict[str, tuple[str, Callable[[Any], bytes]]],
    indices: Sequence[Index] = (),
    *,
    chunk: int = CHUNK,
) -> int:
    """Encrypt each column of every row into its new column; gives how many rows there were."""
    sources = sorted({*encoders, *(index.of for index in indices)})
    targets = [*(target for target, _ in encoders.values()), *(index.name for index in indices)]
    update = (
        f"UPDATE {table} SET {', '.join(f'{target} = arrived.{target}' for target in targets)}"  # noqa: S608
        f" FROM unnest(%s::bigint[], {', '.join('%s::bytea[]' for _ in targets)}) AS arrived(id, {', '.join(targets)})"
        f" WHERE {table}.id = arrived.id"
    )
    done = 0
    for rows in _chunks(table, sources, chunk):
        values: list[list[bytes | None]] = [
            [encode(row[source]) for row in rows] for source, (_, encode) in encoders.items()
        ]
        values += [
            [columns.blind_index(row[index.of], index.context) if row[index.of] else None for row in rows]
            for index in indices
        ]
        with default_connection.cursor() as cursor:
            cursor.execute(update, [[row["id"] for row in rows], *values])
        done += len(rows)
    return done


def _chunks(table: str, names: Sequence[str], chunk: int) -> Iterator[list[dict[str, Any]]]:
    select = f"SELECT id, {', '.join(names)} FROM {table} WHERE id > %s ORDER BY id LIMIT %s"  # noqa: S608
    last = 0
    while True:
        with default_connection.cursor() as cursor:
            cursor.execute(select, [last, chunk])
            rows = [dict(zip(("id", *names), row, strict=True)) for row in cursor.fetchall()]
        if not rows:
            return
        yield rows
        last = rows[-1]["id"]


@contextmanager
def _unlocked(schema_editor: Any, table: str, triggers: Sequence[str]) -> Iterator[None]:
    """Triggers that keep rows as they are, silent for this step; where it fails, the whole migration is undone."""
    for trigger in triggers:
        schema_editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    for trigger in triggers:
        schema_editor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def _encoder(field: EncryptedField) -> Callable[[Any], bytes]:
    if isinstance(field, EncryptedJSONField):
        return lambda stored: field.to_bytes(json.loads(stored) if isinstance(stored, str) else stored)
    return field.to_bytes


def _nullable(field: Any) -> Any:
    copy = field.clone()
    copy.null, copy._unique = True, False
    return copy


def _refuse_to_go_back(table: str) -> Callable[[Any, Any], None]:
    def backwards(_: Any, schema_editor: Any) -> None:
        with walls.as_system(), default_connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")  # noqa: S608
            if cursor.fetchone()[0]:
                raise IrreversibleError(f"{table} holds rows that are encrypted")

    return backwards

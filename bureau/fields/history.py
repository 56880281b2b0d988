"""What a row was before: an event table beside each tracked table, filled by the database at every update and delete.

Built on django-pghistory's statement-level triggers, so that bulk SQL is followed as well as `save()`. An event holds
the row as it stood *before*; who changed it and by which door the database reads from the session (`bureau.walls`).
Each migration calls `trail_keep('event table', 'tracked table')`; the reasons stand in decision 25.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pghistory
import pghistory.models
import pgtrigger
from django.apps import apps
from django.db import models
from django.db.models.expressions import RawSQL

from bureau.fields.encrypted import BlindIndexField, EncryptedField

Model = type[models.Model]

UPDATED, DELETED, INSERTED = "updated", "deleted", "inserted"


class Event(pghistory.models.Event):
    """事件：谁在何时、从哪个画面或命令，改动或删除了一行；保存的是改动前的样子。"""

    pgh_id = models.BigAutoField(primary_key=True)
    pgh_by = models.BigIntegerField(
        "操作人",
        null=True,
        db_default=RawSQL("nullif(split_part(current_setting('walls.deed', true), ' ', 1), '')::bigint", ()),
    )
    pgh_via = models.CharField(
        "途径",
        max_length=60,
        db_default=RawSQL("left(split_part(current_setting('walls.deed', true), ' ', 2), 60)", ()),
    )

    class Meta:
        abstract = True


def tracked(*, inserts: bool = False, exclude: tuple[str, ...] = ()) -> Callable[[Model], Model]:
    """Keep every former state of a model's rows; `inserts` where neither the row nor a batch says who made it.

    Ciphertexts stay as they were written (`is_kept`). Blind indices are left out: they follow from what they are of.
    """

    def wrap(model: Model) -> Model:
        columns = model._meta.local_fields
        left_out = {*exclude, *(column.name for column in columns if isinstance(column, BlindIndexField))}
        followed = [column for column in columns if column.name not in left_out]
        kinds: list[pghistory.Tracker] = [
            pghistory.UpdateEvent(UPDATED, row="OLD", condition=_any_of(followed)),
            pghistory.DeleteEvent(DELETED),
        ]
        if inserts:
            kinds.append(pghistory.InsertEvent(INSERTED))
        pghistory.create_event_model(
            model,
            *kinds,
            exclude=sorted(left_out),
            obj_field=pghistory.ObjForeignKey(related_name="+", related_query_name="+", db_index=True),
            # The library's own context would rewrite every statement; the session tells the triggers instead.
            context_field=cast("Any", None),
            context_id_field=cast("Any", None),
            base_model=Event,
            attrs={column.name: _kept(column) for column in followed if isinstance(column, EncryptedField)},
            abstract=False,
            level=pghistory.Statement,
        )
        return model

    return wrap


def events_of(model: Model) -> Any:
    """The model of a table's events, or None; its columns are made from the tracked one, so no type names them."""
    return next((events for events in apps.get_models() if getattr(events, "pgh_tracked_model", None) is model), None)


def _any_of(columns: list[Any]) -> pgtrigger.Condition:
    """Where one of the columns changed; an update that says the same again is no event."""
    former, present = (", ".join(f'{row}."{column.column}"' for column in columns) for row in ("OLD", "NEW"))
    return pgtrigger.Condition(f"({former}) IS DISTINCT FROM ({present})")


def _kept(column: Any) -> Any:
    copy = column.clone()
    copy.is_kept = True
    return copy

"""What happened to a row, in sentences: what the action log tells of it, and every change that the database kept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.utils import timezone

from bureau.console.admin import words
from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedField
from bureau.fields.history import DELETED, INSERTED
from bureau.kernel.identity import mask_account, mask_id, mask_phone
from bureau.kernel.money import format_yuan
from bureau.organization.selectors import staff as staff_selectors
from bureau.trail import selectors as trail

MOST = 100
_MASKS = {"id_number": mask_id, "phone": mask_phone, "contact": mask_phone, "bank_account": mask_account}
# A former value that is no sentence: long structures, whole texts.
_CHANGED = "（内容有变）"
_DIGEST = re.compile(r"[0-9a-f]{64}")

Change = trail.Change
Names = dict[type[models.Model], dict[Any, str]]


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a timeline, in the shape that `portal/parts/timeline.html` shows."""

    at: datetime
    by: str
    summary: str


def of(
    row: models.Model, *, kinds: Iterable[str] = (), key: str = "", parts: Iterable[models.Model] = ()
) -> list[Moment]:
    """The timeline of a row, the newest first, with that of its `parts`: rows of other tables that belong to it.

    `kinds` and `key` are further names under which the action log keeps the row, a month say, or an institution's code;
    the caller has made sure that the row may be seen.
    """
    lines = list(trail.lines_of({*_kinds_of(row), *kinds}, {str(row.pk), key} - {""})[:MOST])
    changes = trail.changes_of([row], most=MOST)
    for rows in _by_table(parts):
        changes += trail.changes_of(rows, most=MOST)
    pointed, staff = _pointed(changes), get_user_model()
    people = staff_selectors.signatures(
        {line.by_id for line in lines if line.by_id}
        | {change.event.pgh_by for change in changes if change.event.pgh_by}
        | pointed.pop(staff, set())
    )
    names: Names = {model: trail.names_of(model, keys) for model, keys in pointed.items()}
    names[staff] = {key: signature.name for key, signature in people.items()}

    def who(key: int | None, at: datetime, via: str = "") -> str:
        if key in people:
            return people[key].on(timezone.localdate(at))
        return f"系统（{words.JOBS[via]}）" if via in words.JOBS else "系统"

    told = [Moment(line.at, who(line.by_id, line.at), line.summary) for line in lines]
    for change in changes:
        event = change.event
        summary = _sentence(change, names, is_part=event.pgh_tracked_model is not type(row))
        if summary:
            told.append(Moment(event.pgh_created_at, who(event.pgh_by, event.pgh_created_at, event.pgh_via), summary))
    return sorted(told, key=lambda moment: moment.at, reverse=True)[:MOST]


def _kinds_of(row: models.Model) -> set[str]:
    """enrollment.person, person; claims.settlementrun, settlement_run."""
    return {row._meta.label_lower, re.sub(r"(?<=[a-z])(?=[A-Z])", "_", row._meta.object_name or "").lower()}


def _by_table(parts: Iterable[models.Model]) -> list[Sequence[models.Model]]:
    tables: dict[type[models.Model], list[models.Model]] = defaultdict(list)
    for part in parts:
        tables[type(part)].append(part)
    return list(tables.values())


def _sentence(change: Change, names: Names, *, is_part: bool) -> str:
    noun = change.event.pgh_tracked_model._meta.verbose_name
    if change.event.pgh_label == INSERTED:
        return f"建立{noun}：{_first_words(change)}。" if is_part else f"建立{noun}。"
    if change.event.pgh_label == DELETED:
        return f"删除{noun}。"
    said = []
    for column in _changed(change):
        former = _said(column, getattr(change.event, column.attname), names)
        present = _said(column, getattr(change.after, column.attname), names)
        if former == present == _CHANGED:
            said.append(f"改动“{column.verbose_name}”")
        else:
            said.append(f"将“{column.verbose_name}”由“{former}”改为“{present}”")
    return (
        f"{noun if is_part and said else ''}{'：' if is_part and said else ''}{'；'.join(said)}{'。' if said else ''}"
    )


def _first_words(change: Change) -> str:
    """What a part was when it came to be, without what it hangs on."""
    return "、".join(
        f"{column.verbose_name}“{_said(column, value, {})}”"
        for column in _kept(change)
        if not (column.primary_key or isinstance(column, models.ForeignKey))
        and (value := getattr(change.event, column.attname)) not in (None, "")
    )


def _changed(change: Change) -> list[Any]:
    return [
        column
        for column in _kept(change)
        if getattr(change.event, column.attname) != getattr(change.after, column.attname)
    ]


def _kept(change: Change) -> list[Any]:
    """The columns of the row that its events keep."""
    kept = {column.name for column in change.event._meta.local_fields}
    return [column for column in change.event.pgh_tracked_model._meta.local_fields if column.name in kept]


def _pointed(changes: list[Change]) -> dict[type[models.Model], set[Any]]:
    """The rows of other tables that changes point to: what they are called takes one query for each table."""
    keys: dict[type[models.Model], set[Any]] = defaultdict(set)
    for change in changes:
        for column in _changed(change):
            if isinstance(column, models.ForeignKey):
                both = {getattr(change.event, column.attname), getattr(change.after, column.attname)}
                keys[column.related_model] |= both - {None}
    return keys


def _said(column: Any, value: Any, names: Names) -> str:
    if value in (None, ""):
        return "—"
    if isinstance(column, EncryptedField):
        return _MASKS[column.name](value) if column.name in _MASKS else _CHANGED
    if isinstance(column, models.ForeignKey):
        return names.get(column.related_model, {}).get(value, f"编号 {value}")
    if isinstance(column, MoneyField):
        return f"{format_yuan(value, grouped=True)} 元"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return _CHANGED
    said = str(dict(column.flatchoices).get(value, value))
    # As everywhere on screens: twelve digits of a digest are enough to compare it by.
    return said[:12] if _DIGEST.fullmatch(said) else said

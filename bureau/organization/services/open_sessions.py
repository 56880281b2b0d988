"""Which sessions somebody has open: noted at the sign-in, at most so many at once, ended one by one or all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from bureau.organization.models import OpenSession
from bureau.organization.selectors import staff as staff_selectors
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from bureau.organization.models import Staff


@transaction.atomic
def note(staff: Staff, *, session_key: str, began_at: datetime, address: str, client: str) -> list[OpenSession]:
    """A session has begun, or got a new key. Those beyond the most, the eldest first, end and are returned."""
    OpenSession.objects.create(
        staff=staff,
        session_id=session_key,
        began_at=began_at,
        seen_at=timezone.now(),
        address=address,
        client=client[:40],
    )
    too_many = list(staff_selectors.open_sessions(staff)[settings.SESSIONS_AT_ONCE :])
    for row in too_many:
        summary = f"同时登录超过 {settings.SESSIONS_AT_ONCE} 处，最早的一处（{row}）已结束"
        _record("portal.session_pushed_out", summary, staff)
    _end(too_many)
    return too_many


def seen(session_key: str) -> None:
    """Somebody has clicked there."""
    OpenSession.objects.filter(session_id=session_key).update(seen_at=timezone.now())


@transaction.atomic
def end(staff: Staff, *, keep: str, only: int | None = None) -> int:
    """End one of one's own sessions, or all but the one with the key `keep`; how many."""
    rows = OpenSession.objects.filter(staff=staff).exclude(session_id=keep)
    ended = list(rows if only is None else rows.filter(pk=only))
    _end(ended)
    for row in ended:
        _record("portal.session_closed", f"结束另一处登录（{row}）", staff)
    return len(ended)


def _end(rows: Iterable[OpenSession]) -> None:
    # The rows go along.
    Session.objects.filter(pk__in=[row.session_id for row in rows]).delete()


def _record(action: str, summary: str, staff: Staff) -> None:
    actions.record(
        action=action, subject_kind="organization.staff", subject_key=str(staff.pk), summary=summary, by=staff
    )

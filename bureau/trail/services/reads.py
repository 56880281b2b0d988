"""Who looked at whom: one line per look, written before anything is shown, and the quotas that are counted by them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.trail import selectors
from bureau.trail.models import ReadRecord
from bureau.trail.services import actions
from bureau.trail.terms import ReadKind

if TYPE_CHECKING:
    from bureau.organization.models import Staff

SHORTEST_REASON = 4
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def record(
    *, kind: ReadKind, subject_kind: str, subject_key: str, screen: str, by: Staff, area_code: str = ""
) -> ReadRecord:
    """Note that `by` looked; where this fails, nothing is shown."""
    return ReadRecord.objects.create(
        kind=kind.value,
        subject_kind=subject_kind,
        subject_key=subject_key,
        screen=screen,
        area_code=area_code,
        by_id=by.pk,
    )


def require_searches_left(by: Staff) -> None:
    """Refuse one more search by ID number where the quota of the hour, or of numbers that nobody has, is used up.

    Searches in one's own area and across counties count together. Call inside a transaction: whoever searches twice at
    once waits for himself.
    """
    _one_at_a_time(by)
    now = timezone.now()
    asked = selectors.reads_since(by, now - HOUR, ReadKind.SEARCHED, ReadKind.OPENED, ReadKind.MISSED)
    if asked >= settings.ID_SEARCHES_PER_HOUR:
        raise BusinessError(
            "trail.search_quota", f"您一小时内按证件号查询已满 {settings.ID_SEARCHES_PER_HOUR} 次，请稍后再查。"
        )
    if selectors.reads_since(by, now - DAY, ReadKind.MISSED) >= settings.ID_MISSES_PER_DAY:
        raise BusinessError(
            "trail.miss_quota",
            f"您一天内已有 {settings.ID_MISSES_PER_DAY} 个证件号没有查到人，请改按姓名查询，或次日再办。",
        )


@transaction.atomic
def reveal(
    *, what: str, subject_kind: str, subject_key: str, reason: str, screen: str, by: Staff, area_code: str
) -> None:
    """Allow `by` to see a whole number: the reason stands in the log before the caller reads the number."""
    told = reason.strip()
    if len(told) < SHORTEST_REASON:
        raise BusinessError("trail.reason_missing", "请写明查看完整号码的原因，例如所办业务与单号。")
    _one_at_a_time(by)
    if selectors.reads_since(by, timezone.now() - HOUR, ReadKind.REVEALED) >= settings.REVEALS_PER_HOUR:
        raise BusinessError(
            "trail.reveal_quota", f"您一小时内查看完整号码已满 {settings.REVEALS_PER_HOUR} 次，请稍后再办。"
        )
    record(
        kind=ReadKind.REVEALED,
        subject_kind=subject_kind,
        subject_key=subject_key,
        screen=screen,
        area_code=area_code,
        by=by,
    )
    actions.record(
        action=f"{subject_kind}.revealed",
        subject_kind=subject_kind,
        subject_key=subject_key,
        summary=f"显示完整{what}，原因：{told[:200]}",
        area_code=area_code,
        by=by,
    )


def _one_at_a_time(by: Staff) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"trail.reads:{by.pk}"])

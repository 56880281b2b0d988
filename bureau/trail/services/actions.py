"""Write down what was done, in the same transaction as the deed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bureau.kernel.identity import mask_within
from bureau.trail.models import ActionLog

if TYPE_CHECKING:
    from bureau.organization.models import Staff


def record(
    *,
    action: str,
    subject_kind: str,
    subject_key: str,
    summary: str,
    by: Staff | None,
    detail: dict[str, Any] | None = None,
    area_code: str = "",
) -> ActionLog:
    """Add one line to the action log.

    `summary` is a Chinese sentence without ID numbers; `detail` holds keys and counts only.
    """
    return ActionLog.objects.create(
        action=action,
        subject_kind=subject_kind,
        subject_key=subject_key,
        # Reasons are typed by people; a number that somebody put into one is masked before it is kept for ever.
        summary=mask_within(summary),
        by_id=by.pk if by else None,
        detail=detail or {},
        area_code=area_code or (by.area_id or "" if by else ""),
    )

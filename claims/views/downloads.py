"""Files for the institution that sent the rows; lists for ourselves leave by the page of exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from bureau.console.attachments import CSV, attachment
from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff


def downloaded(rows: int, *, what: str, reason: str, key: str, by: Staff) -> None:
    """Write down what leaves, before it does."""
    actions.record(
        action="claims.refused.downloaded",
        subject_kind="claim_batch",
        subject_key=key,
        summary=f"下载{what} {rows} 行（证件号只含部分），原因：{reason}",
        detail={"rows": rows, "reason": reason},
        by=by,
    )


def csv_response(text: str, name: str) -> HttpResponse:
    """A csv that spreadsheets open with the right characters (with a byte order mark)."""
    return attachment("\ufeff" + text, name=name, kind=CSV)

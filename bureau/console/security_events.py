"""What tries a lock goes into the action log: refused pages, used-up limits, wrong codes. So many an hour, no more.

Who is known leaves the line in his own name, who is not in the house's.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from bureau import walls
from bureau.console.addresses import address_of
from bureau.kernel.identity import mask_within
from bureau.organization.services import tallies
from bureau.trail.services import actions

REFUSED = "portal.refused"
# Whoever tries every address leaves so many lines, and one that says that it went on.
LINES, WHILE = 30, timedelta(hours=1)
_SENTENCES = {403: "没有权限，已拒绝", 404: "没有找到，或不在管辖范围内"}


class Refusals:
    """Writes down that somebody known was refused a page, or asked for a record that is not there for him."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # Calls by key have no user, and a book of their own.
        is_known = getattr(request.user, "is_authenticated", False)
        if request.resolver_match is not None and is_known and response.status_code in _SENTENCES:
            refused(request, response.status_code)
        return response


def refused(request: HttpRequest, status: int) -> None:
    """One line more for who is signed in, unless the hour has enough."""
    match = request.resolver_match
    what = f"{_SENTENCES[status]}：{request.method} {mask_within(request.path)[:200]}"
    _record_few(what, request, subject_kind="portal.address", subject_key=match.view_name[:80] if match else "")


def _record_few(summary: str, request: HttpRequest, **subject: str) -> None:
    left = tallies.take(f"refused:{request.user.pk}", most=LINES, within=WHILE).left
    if left == -1:
        summary = f"一小时内被拒绝已满 {LINES} 次，其后不再逐条记录"
    if left >= -1:
        record(REFUSED, summary, request, by=request.user, **subject)


def record(action: str, summary: str, request: HttpRequest | None, *, by: Any, **told: Any) -> None:
    """One line with the address it came from; `by` is None where nobody is known."""
    detail = told.pop("detail", {}) | ({"address": address_of(request)} if request is not None else {})
    subject = {"subject_kind": "organization.staff", "subject_key": str(by.pk) if by else ""} | told
    # Of an unknown name there is nobody to act as: the line is the house's own.
    with walls.as_staff(by) if by else walls.as_system():
        actions.record(action=action, summary=summary, by=by, detail=detail, **subject)


def limit_reached(name: str, sentence: str, request: HttpRequest) -> None:
    """Once for each while of a limit: that it is used up."""
    by = request.user if request.user.is_authenticated else None
    record("portal.limit_reached", sentence, request, by=by, detail={"limit": name})

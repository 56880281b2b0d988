"""How long a sign-in lasts: 20 minutes without a click, 10 hours in any case, and not a click longer than allowed."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers

from bureau import walls
from bureau.console import access, security_events
from bureau.console.addresses import address_of, client_of
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.services import open_sessions

if TYPE_CHECKING:
    from bureau.organization.models import Staff

BEGAN, SEEN, SECOND_FACTOR = "portal.began", "portal.seen", "portal.second_factor"
# A session is not written at every click.
GRAIN = 60
# Five minutes after a sign-in nobody is asked for the second factor again.
FRESH = 300
# What one may do with a password that was issued: replace it, or go.
_WHILE_INITIAL = ("admin:password_change", "portal:alive", "portal:sign_out", "admin:logout", "healthz", "readyz")
# Pages and whatever a browser keeps of ours; cookies would go for the city's other sites too.
_CLEARED = '"cache", "storage"'
SENTENCES = {
    "idle": "您已 20 分钟没有操作，为安全起见已退出，请重新登录。",
    "longest": "本次登录已满 10 小时，请重新登录。",
    "ended": "您的登录已被结束，请重新登录。",
}


class StaffOfSessions(ModelBackend):
    """Passwords as Django checks them; whose a session is comes in one question, with area and duties."""

    def get_user(self, user_id: int) -> Staff | None:
        return staff_selectors.active_staff(user_id)


def begin(request: HttpRequest, by: Staff) -> None:
    """Called when somebody has signed in."""
    request.session[BEGAN] = request.session[SEEN] = time.time()
    if note(request, by):
        sentence = f"您同时登录超过 {settings.SESSIONS_AT_ONCE} 处，最早的一处已结束。"
        messages.warning(request, sentence, fail_silently=True)


def note(request: HttpRequest, by: Staff) -> list[Any]:
    """Where the session stands in the list of one's own; with a new key it stands there anew."""
    if request.session.session_key is None:
        request.session.create()
    with walls.as_staff(by):
        return open_sessions.note(
            by,
            session_key=str(request.session.session_key),
            began_at=datetime.fromtimestamp(request.session[BEGAN], UTC),
            address=address_of(request).replace("unknown", "地址不明"),
            client=client_of(request),
        )


def renew(request: HttpRequest) -> None:
    """Who has proved himself again goes on under a new key."""
    request.session.cycle_key()
    note(request, access.staff(request))


def is_fresh(request: HttpRequest) -> bool:
    """Whether both factors were given a moment ago."""
    return time.time() - request.session.get(BEGAN, 0) < FRESH


class SessionLimits:
    """Ends what is over; LoginRequiredMiddleware then leads to the door, since its turn comes after all requests'."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        why = _why_over(request)
        if why:
            _end(request, why)
        else:
            _note(request)
        response = self.get_response(request)
        if not request.user.is_authenticated:
            # It was open when this began, and is over.
            response["Clear-Site-Data"] = _CLEARED
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Who came in by a password that was issued sets his own before anything else."""
        match = request.resolver_match
        if not request.user.is_authenticated or access.staff(request).initial_until is None:
            return None
        return None if match and match.view_name in _WHILE_INITIAL else redirect("admin:password_change")


def _why_over(request: HttpRequest) -> str:
    """Which limit is passed; a session that does not say when it began has none to go by."""
    now, began, seen = time.time(), request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
    ended = access.staff(request).sessions_from
    if ended is not None and began <= ended.timestamp():
        return "ended"
    if settings.SECOND_FACTOR_REQUIRED and not request.session.get(SECOND_FACTOR):
        return "ended"
    if now - began > settings.SESSION_LONGEST_SECONDS:
        return "longest"
    return "idle" if now - seen > settings.SESSION_IDLE_SECONDS else ""


def _note(request: HttpRequest) -> None:
    """Remember the click; a block that refreshes itself is none."""
    is_polling = request.headers.get("X-Requested-With") == "live"
    if not is_polling and time.time() - request.session[SEEN] > GRAIN:
        request.session[SEEN] = time.time()
        open_sessions.seen(str(request.session.session_key))


def _end(request: HttpRequest, why: str) -> None:
    by = access.staff(request)
    security_events.record("portal.session_ended", f"登录自动结束：{SENTENCES[why]}", request, by=by)
    request.session.flush()
    request.user = AnonymousUser()
    messages.warning(request, SENTENCES[why])

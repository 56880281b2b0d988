"""Each request acts in the database as the person who is signed in, and at its end as nobody (`bureau.walls`)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import ProgrammingError
from django.http import HttpRequest, HttpResponse

from bureau import walls
from bureau.console import access

INSUFFICIENT_PRIVILEGE = "42501"

log = logging.getLogger(__name__)


class WallsMiddleware:
    """Stands behind the sign-in; pages for everybody, such as `/healthz`, ask nobody and act as nobody.

    Answers are whole when they leave here: one that streamed rows later would find none.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with ExitStack() as acting:
            request._walls = acting  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        is_somebody = getattr(view, "login_required", True) and request.user.is_authenticated
        request._walls.enter_context(walls.through(request.resolver_match.view_name))  # type: ignore[attr-defined, union-attr]
        acting = walls.as_staff(access.staff(request)) if is_somebody else walls.as_nobody()
        request._walls.enter_context(acting)  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """What the wall refuses although the desk let it through is a refusal to the person and a fault to us."""
        if isinstance(error, ProgrammingError) and getattr(error.__cause__, "sqlstate", "") == INSUFFICIENT_PRIVILEGE:
            log.error("the database refused rows of another area to staff %s at %s", request.user.pk, request.path)
            raise PermissionDenied("这些数据不在您的管辖区划内，不能办理。") from error

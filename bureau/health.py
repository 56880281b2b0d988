"""`/healthz` says that the process lives; `/readyz`, that it can work: database and broker answer."""

from __future__ import annotations

from collections.abc import Callable

from celery import current_app
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse

PLAIN = "text/plain; charset=utf-8"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive; needs neither database nor broker."""
    return HttpResponse("ok\n", content_type=PLAIN)


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """Ready, or which part is missing; never why, since anybody may ask."""
    missing = [name for name, ask in (("database", _ask_database), ("broker", _ask_broker)) if not _answers(ask)]
    body = "".join(f"{name}: no answer\n" for name in missing) or "ok\n"
    return HttpResponse(body, content_type=PLAIN, status=503 if missing else 200)


def _answers(ask: Callable[[], None]) -> bool:
    """Whatever goes wrong inside a driver means the same here."""
    try:
        ask()
    except Exception:
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=2)

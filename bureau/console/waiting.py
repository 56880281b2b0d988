"""What waits for the signed-in person: each app says for its own desks what, how many and where."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from bureau.console import access
from bureau.organization.terms import Duty


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of 待办: 「3 待复核名单 · 最早 5月4日交入」 with its button."""

    count: int
    title: str
    url: str
    button: str
    detail: str = ""
    is_urgent: bool = False


Ask = Callable[[HttpRequest], Iterable[Waiting]]

_sources: list[tuple[int, tuple[Duty, ...], Ask]] = []


def register(ask: Ask, *duties: Duty, order: int = 50) -> None:
    """Ask `ask(request)` for people with one of `duties`; lines with a count of zero are not shown."""
    _sources.append((order, duties, ask))
    _sources.sort(key=lambda source: source[0])


def for_request(request: HttpRequest) -> list[Waiting]:
    """All lines, urgent ones first."""
    lines = [line for _, duties, ask in _sources if access.may(request, *duties) for line in ask(request) if line.count]
    return sorted(lines, key=lambda line: not line.is_urgent)

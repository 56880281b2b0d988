"""How a higher floor shows a block on a lower floor's page: the lower page names a slot, the higher app fills it.

An app registers in its room `panels`, which is loaded when the apps are ready.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from bureau.console import access
from bureau.organization.terms import Duty

HOME = "home"
PERSON = "person"
INSTITUTION = "institution"
ENTRY = "entry"

Context = dict[str, Any]
Gather = Callable[[HttpRequest, Any], Context | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """One block: what gathers its context (None shows nothing), its template, its place, and whose it is."""

    gather: Gather
    template: str
    order: int
    duties: tuple[Duty, ...]


_panels: dict[str, list[Panel]] = defaultdict(list)


def register(slot: str, gather: Gather, *, template: str, order: int = 50, duties: tuple[Duty, ...] = ()) -> None:
    """Show `template` in `slot` with what `gather(request, subject)` returns; no duties: for all who see the page."""
    _panels[slot].append(Panel(gather, template, order, duties))
    _panels[slot].sort(key=lambda panel: (panel.order, panel.template))


def gathered(slot: str, request: HttpRequest, subject: Any = None) -> list[tuple[str, Context]]:
    """The templates and contexts of a slot for this request, in order."""
    found = []
    for panel in _panels[slot]:
        if not access.may(request, *panel.duties):
            continue
        context = panel.gather(request, subject)
        if context is not None:
            found.append((panel.template, context))
    return found

"""How a higher floor shows a block on a lower floor's page: the lower page names a slot, the higher app fills it.

An app registers in its room `panels`, which is loaded when the apps are ready.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.http import HttpRequest

from bureau.console import access
from bureau.organization.terms import Duty

HOME = "home"
PERSON = "person"
INSTITUTION = "institution"
ENTRY = "entry"

Context = dict[str, Any]
Gather = Callable[[HttpRequest, Any], Context | None]
Complete = Callable[[Any, Context], Context]


@dataclass(frozen=True, slots=True)
class Panel:
    """One block: what gathers its context (None shows nothing), its template, its place, and whose it is.

    `complete` adds what belongs whole to whoever may open the page, rows of other areas included.
    """

    gather: Gather
    template: str
    order: int
    duties: tuple[Duty, ...]
    complete: Complete | None


class Block(NamedTuple):
    """A panel with its context, for one page."""

    panel: Panel
    context: Context


_panels: dict[str, list[Panel]] = defaultdict(list)


def register(
    slot: str,
    gather: Gather,
    *,
    template: str,
    order: int = 50,
    duties: tuple[Duty, ...] = (),
    complete: Complete | None = None,
) -> None:
    """Show `template` in `slot` with what `gather(request, subject)` returns; no duties: for all who see the page."""
    _panels[slot].append(Panel(gather, template, order, duties, complete))
    _panels[slot].sort(key=lambda panel: (panel.order, panel.template))


def gathered(slot: str, request: HttpRequest, subject: Any = None) -> list[Block]:
    """The blocks of a slot for this request, in order."""
    found = []
    for panel in _panels[slot]:
        if not access.may(request, *panel.duties):
            continue
        context = panel.gather(request, subject)
        if context is not None:
            found.append(Block(panel, context))
    return found


def completed(blocks: Iterable[Block], subject: Any) -> list[Block]:
    """With what is read over the wall: for a page that has let its reader in, inside its own step."""
    return [
        block._replace(context=block.context | block.panel.complete(subject, block.context))
        if block.panel.complete
        else block
        for block in blocks
    ]

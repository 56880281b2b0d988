"""The one search box: each app finds its own things; what was typed never stands in an address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from bureau.console import access
from bureau.organization.terms import Duty

MOST_PER_GROUP = 8


@dataclass(frozen=True, slots=True)
class Hit:
    """One result; `is_exact` when a whole number was typed and this is the one thing that bears it."""

    label: str
    url: str
    detail: str = ""
    is_exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind of thing, at most MOST_PER_GROUP, and whether there were more."""

    label: str
    hits: list[Hit]
    has_more: bool


Find = Callable[[HttpRequest, str], Iterable[Hit]]

_finders: list[tuple[int, str, tuple[Duty, ...], Find]] = []


def register(label: str, find: Find, *duties: Duty, order: int = 50) -> None:
    """Let `find(request, text)` answer for the group `label`, with one hit more than MOST_PER_GROUP where there are."""
    _finders.append((order, label, duties, find))
    _finders.sort(key=lambda finder: finder[0])


def search(request: HttpRequest, text: str) -> list[Group]:
    """Ask everyone whom the duty allows; empty groups are left out."""
    groups = []
    for _, label, duties, find in _finders:
        if not access.may(request, *duties):
            continue
        hits = list(find(request, text))
        if hits:
            groups.append(Group(label, hits[:MOST_PER_GROUP], len(hits) > MOST_PER_GROUP))
    return groups


def the_one(groups: list[Group]) -> Hit | None:
    """The single exact hit, to be opened at once."""
    exact = [hit for group in groups for hit in group.hits if hit.is_exact]
    return exact[0] if len(exact) == 1 else None

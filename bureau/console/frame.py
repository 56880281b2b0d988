"""What the frame around every page shows: who is here, for which area, and the way to the other pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from bureau.console import access, menu


@dataclass(frozen=True, slots=True)
class Frame:
    """The signed-in person's top bar and navigation."""

    person: str
    duties: str
    area: str
    sections: list[menu.Section]


def of(request: HttpRequest | None) -> Frame | None:
    """None for pages that are shown before anyone has signed in."""
    if request is None or not getattr(request, "user", None) or not request.user.is_authenticated:
        return None
    by = access.staff(request)
    return Frame(
        person=str(by),
        duties="、".join(access.duty_labels(request)),
        area=by.area.name if by.area else "",
        sections=menu.for_request(request),
    )

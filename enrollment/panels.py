"""People in the search box of the portal."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, search
from bureau.console.menu import BUSINESS
from bureau.kernel.identity import mask_id
from enrollment.selectors import people
from enrollment.services import lookups


def _find(request: HttpRequest, text: str) -> Iterator[search.Hit]:
    by = access.staff(request)
    is_number = people.is_id_number(text)
    if is_number:
        person = lookups.by_number(text, screen="search", by=by)
        found = [] if person is None else [person]
    else:
        found = list(people.search(text, by=by)[: search.MOST_PER_GROUP + 1])
    for person in found:
        yield search.Hit(
            label=person.name,
            url=reverse("enrollment:person", args=[person.pk]),
            detail=f"{mask_id(person.id_number)} · {person.get_gender_display()} · {person.area.name}",
            is_exact=is_number,
        )


search.register("人员", _find, *BUSINESS, order=10)

"""People in the search box of the portal."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, search
from bureau.console.menu import BUSINESS
from bureau.kernel.identity import mask_id
from enrollment.selectors import people


def _find(request: HttpRequest, text: str) -> Iterator[search.Hit]:
    is_number = text[:6].isdigit()
    for person in people.search(text, by=access.staff(request))[: search.MOST_PER_GROUP + 1]:
        yield search.Hit(
            label=person.name,
            url=reverse("enrollment:person", args=[person.pk]),
            detail=f"{mask_id(person.id_number)} · {person.get_gender_display()} · {person.area.name}",
            is_exact=is_number,
        )


search.register("人员", _find, *BUSINESS, order=10)

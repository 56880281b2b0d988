"""What every page of the browser begins with: the release that the address names and the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils import timezone

from bureau.console import access
from bureau.console.menu import BUSINESS
from bureau.policy.forms.browser import SHORT, LawForm
from bureau.policy.models import Release
from bureau.policy.rules.catalog import Catalog, catalog
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.selectors import laws
from bureau.policy.views import draft_page

# Whoever has business of the bureau reads its law.
READERS = BUSINESS
F = TypeVar("F", bound=LawForm)


@dataclass(frozen=True, slots=True)
class Law(Generic[F]):
    """One release on one day, and the form that asks for another."""

    release: Release
    rulebook: Rulebook
    day: date
    form: F
    query: str

    @property
    def catalog(self) -> Catalog:
        return catalog(self.rulebook)


def releases_for(request: HttpRequest) -> list[Release]:
    """The releases that this person may read; drafts are for those to whom the drafting desk is open."""
    return laws.readable(with_drafts=access.may(request, *draft_page.READERS))


def law(request: HttpRequest, form_class: type[F]) -> Law[F]:
    """The law that the address asks for: `?release=` a hash, `?on=` a day; else what is in force, today."""
    releases = releases_for(request)
    present = laws.chosen(releases, request.GET.get("release", ""))
    today = timezone.localdate()
    form = form_class(_filled(request, present, today), releases=releases, present=present)
    form.is_valid()
    day = form.cleaned_data.get("on") or today
    asked = {name: request.GET[name] for name in ("release", "on") if request.GET.get(name)}
    if "on" in form.errors:
        asked.pop("on", None)
    return Law(present, laws.law_of(present), day, form, f"?{urlencode(asked)}" if asked else "")


def _filled(request: HttpRequest, present: Release, today: date) -> dict[str, str]:
    """The fields as asked, and what holds where nothing is asked, so that the form shows it."""
    asked = {name: f"{value}" for name, value in request.GET.items() if value}
    return {"on": today.isoformat(), **asked, "release": present.sha256[:SHORT]}

"""The rows of a draft, for the services of this app: under the city's next number, with every version kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bureau.organization.selectors import areas
from bureau.policy.models import DraftVersion, Release
from bureau.policy.services.entitlement import record

if TYPE_CHECKING:
    from bureau.organization.models import Staff


def newest_locked(city: str) -> Release | None:
    """The newest release of a city. Two drafts at once would take the same number: the second waits here."""
    return Release.objects.select_for_update(of=("self",)).filter(city=city).order_by("-number").first()


def create(*, after: Release | None, city: str, content: bytes, note: str, base: Release | None, by: Staff) -> Release:
    """A draft with the number that follows `after`, and its first version."""
    release = Release.objects.create(
        city=city,
        number=after.number + 1 if after else 1,
        area=areas.city_area(),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        note=note,
        base=base,
        drafted_by=by,
    )
    _keep(release, f"依据{base}起草" if base else "起草")
    record(release, "drafted", "起草", by)
    return release


def write(release: Release, content: bytes, what: str) -> Release:
    """Other bytes for a draft, and the version that they are; the same bytes make none."""
    if content == bytes(release.content):
        return release
    release.content = content
    release.sha256 = hashlib.sha256(content).hexdigest()
    release.save(update_fields=["content", "sha256"])
    _keep(release, what)
    record(release, "edited", what, release.drafted_by)
    return release


def _keep(release: Release, what: str) -> None:
    newest = DraftVersion.objects.filter(release=release).order_by("-number").values_list("number", flat=True).first()
    DraftVersion.objects.create(
        release=release, number=(newest or 0) + 1, content=release.content, sha256=release.sha256, what=what[:200]
    )

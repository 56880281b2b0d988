"""Releases and drafts to be looked at. The law is the whole city's: all staff may read it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from bureau.kernel.errors import BusinessError
from bureau.policy.models import DraftVersion, OpenedChange, Release
from bureau.policy.rules import packs, text_differences
from bureau.policy.rules.release_stages import OPEN
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from bureau.organization.models import Staff

_PEOPLE = ("drafted_by", "checked_by", "published_by", "base")
_PUBLISHED = Q(stage=ReleaseStage.PUBLISHED.value)


def release_with(key: int) -> Release:
    """One release with its bytes; those of its base come when they are asked for."""
    found = Release.objects.select_related(*_PEOPLE).defer("base__content").filter(pk=key).first()
    if found is None:
        raise BusinessError("policy.release_unknown", f"没有编号为 {key} 的政策发布，请从政策起草的列表进入。")
    return found


def open_drafts() -> list[Release]:
    """What is on its way to become law, newest first."""
    rows = Release.objects.filter(stage__in=[stage.value for stage in OPEN])
    return list(rows.select_related(*_PEOPLE).defer("content", "base__content").order_by("-number"))


def waiting_in(stage: ReleaseStage) -> list[Release]:
    """Releases that wait in this stage."""
    rows = Release.objects.filter(stage=stage.value).select_related("drafted_by")
    return list(rows.defer("content").order_by("number"))


def bases() -> list[Release]:
    """What a draft may start from: the release in force first, then former ones."""
    stages = [ReleaseStage.PUBLISHED.value, ReleaseStage.SUPERSEDED.value]
    return list(Release.objects.filter(stage__in=stages).defer("content").order_by("stage", "-number"))


def in_force(city: str) -> Release | None:
    """The published release of a city."""
    return Release.objects.filter(_PUBLISHED, city=city).first()


def another_city_in_force(city: str) -> Release | None:
    """The published release of any other city: there should be none beside this city's."""
    return Release.objects.filter(_PUBLISHED).exclude(city=city).first()


def files_of(release: Release) -> dict[str, str]:
    """File name → text, as the release stores them."""
    return packs.unbundle(bytes(release.content))[1]


def files_in_force(city: str) -> dict[str, str]:
    """The same of the published release; nothing where there is none."""
    release = in_force(city)
    return files_of(release) if release else {}


def files_at(release: Release, sha256: str) -> dict[str, str]:
    """The files of a version of the draft by its digest; of the draft as it stands where no version has it."""
    version = DraftVersion.objects.filter(release=release, sha256=sha256).first()
    return packs.unbundle(bytes(version.content))[1] if version else files_of(release)


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A file of a release: its title where it can be read, and whether the release changes it."""

    name: str
    title: str
    is_changed: bool


def documents_of(release: Release, changed: Collection[str]) -> list[StoredDocument]:
    """The files of a release, changed ones first."""
    found = []
    for name, text in files_of(release).items():
        document = text_differences.document_of(name, text)
        found.append(StoredDocument(name, document.title if document else "（读不出，见检查结果）", name in changed))
    return sorted(found, key=lambda document: (not document.is_changed, document.name))


def versions_of(release: Release) -> QuerySet[DraftVersion]:
    """What was saved of a draft, newest first."""
    return DraftVersion.objects.filter(release=release).defer("content").order_by("-number")


def opened_by(release: Release, by: Staff) -> set[str]:
    """The changes of the draft as it now stands that this person has opened."""
    rows = OpenedChange.objects.filter(release=release, sha256=release.sha256, by=by)
    return set(rows.values_list("key", flat=True))


def noted(city: str, note: str) -> Release | None:
    """The newest release or draft of a city with this note."""
    return Release.objects.filter(city=city, note=note).order_by("-number").first()


def numbered(city: str, number: int) -> Release | None:
    """A release or draft by its number."""
    return Release.objects.filter(city=city, number=number).first()

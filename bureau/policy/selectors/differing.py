"""A draft beside the law in force: what the checks say of it, and everything that differs.

Both are computed from bytes, so they are kept by digest: a page asks several times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.policy.models import Release
from bureau.policy.rules import checks, differing, packs, text_differences
from bureau.policy.rules.checks import Report
from bureau.policy.rules.differing import Change
from bureau.policy.rules.text_differences import FileChange
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from bureau.policy.rules.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Differences:
    """Changed values and changed documents; `against` is the digest of the law they are compared with, if any."""

    against: str
    values: tuple[Change, ...]
    files: tuple[FileChange, ...]

    @property
    def in_order(self) -> tuple[str, ...]:
        """The keys of what a second person has to open: values first, as the pages list them."""
        return (*(change.key for change in self.values), *(change.key for change in self.files))

    @property
    def keys(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self.in_order)

    @property
    def count(self) -> int:
        return len(self.keys)

    @property
    def cells(self) -> int:
        """How many compiled cells have another value."""
        return sum(change.cells for change in self.values)


def sha256_in_force(city: str) -> str:
    """The digest of the published release; empty where there is none."""
    found = Release.objects.filter(city=city, stage=ReleaseStage.PUBLISHED.value).values_list("sha256", flat=True)
    return found.first() or ""


def differences(release: Release) -> Differences:
    """What the release would change in the law in force today; once published, what it changed in the law before it.

    Values are compared where it compiles.
    """
    is_law = release.stage in (ReleaseStage.PUBLISHED, ReleaseStage.SUPERSEDED)
    against = release.checked_against if is_law else sha256_in_force(release.city)
    return _differences(against, release.sha256, bytes(release.content))


# Keyed by digests; `content` has the second of them.
@lru_cache(maxsize=8)
def _differences(former_sha256: str, sha256: str, content: bytes) -> Differences:
    former = bytes(Release.objects.filter(sha256=former_sha256)[0].content) if former_sha256 else None
    files = text_differences.file_changes(packs.unbundle(former)[1] if former else {}, packs.unbundle(content)[1])
    law = _compiled(content)
    values = differing.changes(packs.load_bytes(former) if former else None, law) if law else []
    return Differences(former_sha256, tuple(values), tuple(files))


def _compiled(content: bytes) -> Rulebook | None:
    try:
        return packs.load_bytes(content)
    except BusinessError:
        return None


def report_of(release: Release) -> Report:
    """The checks of a release as it stands."""
    return _report(bytes(release.content), timezone.localdate())


@lru_cache(maxsize=8)
def _report(content: bytes, on: date) -> Report:
    city, files = packs.unbundle(content)
    return checks.report(city, files, on=on)

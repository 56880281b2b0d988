"""Which law a page shows: the releases that somebody may read, and the one among them that was asked for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.policy.models import Release
from bureau.policy.selectors import rulesets
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from bureau.policy.rules.rulebook import Rulebook

ISSUED = (ReleaseStage.PUBLISHED.value, ReleaseStage.SUPERSEDED.value)
_FINGERPRINT = re.compile(r"[0-9a-f]{12,64}")


def readable(*, with_drafts: bool) -> list[Release]:
    """The releases without their bytes, the newest first; what is not yet law only for those who work on it."""
    found = Release.objects.defer("content").order_by("city", "-number")
    return list(found if with_drafts else found.filter(stage__in=ISSUED))


def chosen(releases: list[Release], fingerprint: str) -> Release:
    """The release whose hash begins so; the one in force where nothing is asked."""
    if not fingerprint:
        found = [release for release in releases if release.stage == ReleaseStage.PUBLISHED]
        if not found:
            raise BusinessError("policy.nothing_published", "还没有发布任何政策，请先由政策管理岗起草、复核岗发布。")
        return found[0]
    found = [release for release in releases if release.sha256.startswith(fingerprint)]
    if not _FINGERPRINT.fullmatch(fingerprint) or not found:
        message = f"没有指纹为 {fingerprint[:12]} 的政策发布，或它还是草案。请从政策发布列表打开。"
        raise BusinessError("policy.release_unknown", message)
    return found[0]


def law_of(release: Release) -> Rulebook:
    """The rulebook of a release."""
    return rulesets.rulebook(release.sha256)


def choices() -> list[tuple[int, str]]:
    """Keys and names of all releases and drafts, what is in force first, for whoever computes with one of them."""
    found = readable(with_drafts=True)
    found.sort(key=lambda release: release.stage != ReleaseStage.PUBLISHED)
    return [(release.pk, f"{release}（{release.get_stage_display()}）{release.note}") for release in found]


def content_of(release_id: int) -> bytes:
    """The bytes of a release or draft."""
    content = Release.objects.filter(pk=release_id).values_list("content", flat=True).first()
    if content is None:
        raise BusinessError("policy.release_unknown", "没有这个政策发布或草稿，请重新选择。")
    return bytes(content)

"""Releases and drafts by name, for whoever wants to compute with one of them."""

from __future__ import annotations

from bureau.kernel.errors import BusinessError
from bureau.policy.models import Release
from bureau.policy.terms import ReleaseStage


def choices() -> list[tuple[int, str]]:
    """Keys and names of all releases, what is in force first."""
    found = list(Release.objects.defer("content").order_by("city", "-number"))
    found.sort(key=lambda release: release.stage != ReleaseStage.PUBLISHED)
    return [(release.pk, f"{release}（{release.get_stage_display()}）{release.note}") for release in found]


def content_of(release_id: int) -> bytes:
    """The bytes of a release or draft."""
    content = Release.objects.filter(pk=release_id).values_list("content", flat=True).first()
    if content is None:
        raise BusinessError("policy.release_unknown", "没有这个政策发布或草稿，请重新选择。")
    return bytes(content)

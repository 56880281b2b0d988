"""A city's law from draft to release: one person drafts, another publishes, and what is published never changes.

Only city-level staff write policy (WZ-24): who else tries is refused, and the attempt stays in the log.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import areas
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import AreaLevel, Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.terms import ReleaseStage
from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff


def draft(*, city: str, content: bytes, note: str = "", by: Staff) -> Release:
    """A draft of these bytes. They must compile; the same bytes as an open draft or the law in force are recognized."""
    _check_may(by, Duty.POLICY)
    return _draft(city, content, note, by)


@transaction.atomic
def _draft(city: str, content: bytes, note: str, by: Staff) -> Release:
    rulebook = packs.load_bytes(content)
    if rulebook.city != city:
        raise BusinessError("policy.other_city", f"这些政策文件属于“{rulebook.city}”，不是“{city}”。")
    # Two drafts at once would take the same number: the second waits for the newest release.
    newest = Release.objects.select_for_update(of=("self",)).filter(city=city).order_by("-number").first()
    same = Release.objects.filter(
        city=city, sha256=rulebook.sha256, stage__in=[ReleaseStage.DRAFT.value, ReleaseStage.PUBLISHED.value]
    ).first()
    if same is not None:
        return same

    release = Release.objects.create(
        city=city,
        number=newest.number + 1 if newest else 1,
        area=areas.city_area(),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        note=note,
        drafted_by=by,
    )

    _record(release, "policy.release.drafted", f"起草{release}。", by)
    return release


def publish(release: Release, *, by: Staff) -> Release:
    """Put a draft in force; what was in force is superseded. The drafter cannot."""
    _check_may(by, Duty.POLICY_CHECK)
    return _publish(release, by)


@transaction.atomic
def _publish(release: Release, by: Staff) -> Release:
    release = Release.objects.select_for_update(of=("self",)).get(pk=release.pk)
    if release.stage == ReleaseStage.PUBLISHED:
        return release
    if release.stage != ReleaseStage.DRAFT:
        raise BusinessError("policy.not_a_draft", f"{release}已失效，不能再发布。")
    if release.drafted_by_id == by.pk:
        raise BusinessError("policy.same_person", "起草人不能发布自己起草的政策，请由另一人复核。")

    Release.objects.filter(city=release.city, stage=ReleaseStage.PUBLISHED.value).update(
        stage=ReleaseStage.SUPERSEDED.value
    )
    release.stage = ReleaseStage.PUBLISHED.value
    release.published_by = by
    release.published_at = timezone.now()
    release.save(update_fields=["stage", "published_by", "published_at"])

    _record(release, "policy.release.published", f"发布{release}。", by)
    return release


def _check_may(by: Staff, duty: Duty) -> None:
    if by.area is None or by.area.level != AreaLevel.CITY:
        # Outside the transaction of the deed, whose rollback would take the line along.
        actions.record(
            action="policy.refused",
            subject_kind="release",
            subject_key="",
            summary=f"{by}（{by.area or '无区划'}）试图改动政策，不予办理。",
            by=by,
        )
        raise BusinessError("policy.city_only", "政策只能由市级制定，各地不得自行调整。")
    if not has_duty(by, duty):
        raise BusinessError("policy.duty", f"{by}没有“{duty.label}”岗位，不能办理。")


def _record(release: Release, action: str, summary: str, by: Staff) -> None:
    actions.record(
        action=action,
        subject_kind="release",
        subject_key=f"{release.city}-{release.number}",
        summary=summary,
        detail={"sha256": release.sha256},
        by=by,
    )

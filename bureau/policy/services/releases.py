"""A city's law from draft to release: one person drafts and submits, another checks and publishes.

What is submitted does not change until it is published or sent back; what is published never changes (WZ-24).
政策复核 does both second deeds, as two: the check says "I have seen every change", publishing puts them in force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import OpenedChange, Release
from bureau.policy.rules import packs
from bureau.policy.rules.release_stages import STAGES
from bureau.policy.selectors import differing
from bureau.policy.selectors.releases import another_city_in_force, in_force, opened_by
from bureau.policy.services import drafting
from bureau.policy.services.entitlement import check_is_another, check_is_drafter, check_may, record
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from bureau.organization.models import Staff


def draft(*, city: str, content: bytes, note: str = "", by: Staff) -> Release:
    """A draft of these bytes. They must compile; the same bytes as an open draft or the law in force are recognized."""
    check_may(by, Duty.POLICY)
    return _draft(city, content, note, by)


@transaction.atomic
def _draft(city: str, content: bytes, note: str, by: Staff) -> Release:
    rulebook = packs.load_bytes(content)
    if rulebook.city != city:
        raise BusinessError("policy.other_city", f"这些政策文件属于“{rulebook.city}”，不是“{city}”。")
    newest, former = drafting.newest_locked(city), in_force(city)
    known = [ReleaseStage.DRAFT.value, ReleaseStage.PUBLISHED.value]
    same = Release.objects.filter(city=city, sha256=rulebook.sha256, stage__in=known).first()
    return same or drafting.create(after=newest, city=city, content=content, note=note, base=former, by=by)


def submit(release: Release, *, by: Staff) -> Release:
    """Hand a draft to the second person; it must compile, its examples come out, and nothing of it changes from now."""
    check_may(by, Duty.POLICY)
    return _submit(release, by)


@transaction.atomic
def _submit(release: Release, by: Staff) -> Release:
    release = _locked(release)
    target = STAGES.next(ReleaseStage(release.stage), "submit")
    check_is_drafter(release, by)
    found = differing.report_of(release)
    if not found.is_clean:
        raise BusinessError(
            "policy.draft_has_faults", f"草稿还有 {len(found.faults)} 处错误，改正后才能送审。第一处：{found.faults[0]}"
        )
    if not differing.differences(release).count:
        raise BusinessError("policy.draft_changes_nothing", "草稿与现行发布没有任何差别，无需送审。")

    release.stage = target.value
    release.submitted_at = timezone.now()
    release.submitted_sha256 = release.sha256
    release.return_reason = ""
    release.save(update_fields=["stage", "submitted_at", "submitted_sha256", "return_reason"])

    record(release, "submitted", "送审", by)
    return release


def send_back(release: Release, *, reason: str, by: Staff) -> Release:
    """Give it back to its drafter with what is to be mended."""
    check_may(by, Duty.POLICY_CHECK)
    return _send_back(release, reason.strip(), by)


@transaction.atomic
def _send_back(release: Release, reason: str, by: Staff) -> Release:
    release = _locked(release)
    target = STAGES.next(ReleaseStage(release.stage), "return")
    check_is_another(release, by, "退回")
    if not reason:
        raise BusinessError("policy.reason_missing", "退回须写明原因，起草人据此修改。")

    release.stage = target.value
    release.return_reason = reason
    release.submitted_at = release.checked_at = release.checked_by = None
    release.submitted_sha256 = release.checked_sha256 = release.checked_against = ""
    release.save()

    record(release, "returned", f"退回（{reason}）", by)
    return release


def withdraw(release: Release, *, by: Staff) -> Release:
    """The drafter gives it up; it stays to be read."""
    check_may(by, Duty.POLICY)
    return _withdraw(release, by)


@transaction.atomic
def _withdraw(release: Release, by: Staff) -> Release:
    release = _locked(release)
    target = STAGES.next(ReleaseStage(release.stage), "withdraw")
    check_is_drafter(release, by)

    release.stage = target.value
    release.save(update_fields=["stage"])

    record(release, "withdrawn", "作废", by)
    return release


def open_change(release: Release, *, key: str, by: Staff) -> None:
    """Write down that this person has opened one change of the draft as it now stands."""
    check_may(by, Duty.POLICY_CHECK)
    check_is_another(release, by, "复核")
    if release.stage != ReleaseStage.SUBMITTED:
        raise BusinessError("policy.not_submitted", f"{release}现为“{release.get_stage_display()}”，送审后才能核对。")
    if key not in differing.differences(release).keys:
        raise BusinessError("policy.change_unknown", "没有这一处改动，或现行政策已有变动，请回到差异表重新核对。")
    OpenedChange.objects.get_or_create(release=release, sha256=release.sha256, key=key, by=by)


def check(release: Release, *, by: Staff) -> Release:
    """Say that every change has been seen and is right; refused while one has not been opened."""
    check_may(by, Duty.POLICY_CHECK)
    return _check(release, by)


@transaction.atomic
def _check(release: Release, by: Staff) -> Release:
    release = _locked(release)
    target = STAGES.next(ReleaseStage(release.stage), "check")
    check_is_another(release, by, "复核")
    differences = differing.differences(release)
    left = len(differences.keys - opened_by(release, by))
    if left:
        raise BusinessError(
            "policy.changes_not_opened",
            f"还有 {left} 处改动没有打开核对（共 {differences.count} 处），全部核对后才能通过。",
        )

    _write_check(release, target, differences.against, by)
    record(release, "checked", "复核通过", by)
    return release


def publish(release: Release, *, by: Staff) -> Release:
    """Put what has been checked in force; what was in force is superseded."""
    check_may(by, Duty.POLICY_CHECK)
    return _publish(release, by)


@transaction.atomic
def _publish(release: Release, by: Staff) -> Release:
    release = _locked(release)
    if release.stage == ReleaseStage.PUBLISHED:
        return release
    check_is_another(release, by, "发布")
    target = STAGES.next(ReleaseStage(release.stage), "publish")
    if release.checked_sha256 != release.sha256:
        raise BusinessError("policy.checked_something_else", "复核的内容与现在的内容不同，请退回后重新送审。")
    other = another_city_in_force(release.city)
    if other is not None:
        raise BusinessError("policy.another_city", f"现行的是{other}；这里只有一个城市，别的城市的政策不能生效。")
    former = in_force(release.city)
    if release.checked_against != (former.sha256 if former else ""):
        raise BusinessError("policy.base_moved", "复核以后又有别的发布生效，差异已经不同；请退回，重新送审核对。")

    if former is not None:
        former.stage = STAGES.next(ReleaseStage(former.stage), "supersede").value
        former.save(update_fields=["stage"])
    release.stage = target.value
    release.published_by = by
    release.published_at = timezone.now()
    release.save(update_fields=["stage", "published_by", "published_at"])

    record(release, "published", "发布", by)
    return release


@transaction.atomic
def enact(release: Release, *, by: Staff) -> Release:
    """Put the packs of the source tree in force, which were reviewed there: nothing is opened on a screen.

    Only for a draft with exactly their bytes; whatever was drafted otherwise goes the way of `submit` and `check`.
    """
    check_may(by, Duty.POLICY_CHECK)
    release = _locked(release)
    if release.stage == ReleaseStage.PUBLISHED:
        return release
    check_is_another(release, by, "发布")
    if bytes(release.content) != packs.pack_bytes(release.city):
        raise BusinessError("policy.not_the_packs", f"{release}与随软件交付的政策文件不同，请送审，由复核人逐项核对。")
    target = STAGES.next(ReleaseStage(release.stage), "submit")
    release.stage = target.value
    release.submitted_at = timezone.now()
    release.submitted_sha256 = release.sha256
    release.save(update_fields=["stage", "submitted_at", "submitted_sha256"])
    _write_check(release, STAGES.next(target, "check"), differing.sha256_in_force(release.city), by)
    record(release, "checked", "按源文件的评审结果复核通过", by)
    return _publish(release, by)


def _write_check(release: Release, target: ReleaseStage, against: str, by: Staff) -> None:
    release.stage = target.value
    release.checked_by = by
    release.checked_at = timezone.now()
    release.checked_sha256 = release.sha256
    release.checked_against = against
    release.save(update_fields=["stage", "checked_by", "checked_at", "checked_sha256", "checked_against"])


def _locked(release: Release) -> Release:
    return Release.objects.select_for_update(of=("self",)).select_related("drafted_by").get(pk=release.pk)

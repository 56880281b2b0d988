"""Who may write policy: the city alone (WZ-24). Who else tries is refused, and the attempt stays in the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import AreaLevel, Duty
from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.policy.models import Release


def check_may(by: Staff, duty: Duty) -> None:
    """Called before the transaction of the deed, whose rollback would take the line along."""
    if by.area is None or by.area.level != AreaLevel.CITY:
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


def check_is_drafter(release: Release, by: Staff) -> None:
    """A draft belongs to who began it: so the second person can never have written part of it."""
    if release.drafted_by_id != by.pk:
        raise BusinessError(
            "policy.not_the_drafter", f"{release}由{release.drafted_by}起草，只有本人可以改动；您可以另行起草。"
        )


def check_is_another(release: Release, by: Staff, what: str) -> None:
    """The drafter is never the second person."""
    if release.drafted_by_id == by.pk:
        raise BusinessError("policy.same_person", f"起草人不能{what}自己起草的政策，请由另一人办理。")


def record(release: Release, verb: str, what: str, by: Staff) -> None:
    """A line of the log about a release, with the digest that it had."""
    actions.record(
        action=f"policy.release.{verb}",
        subject_kind="release",
        subject_key=key_of(release),
        summary=f"{what}：{release}。",
        detail={"sha256": release.sha256},
        by=by,
    )


def key_of(release: Release) -> str:
    """How the log names a release."""
    return f"{release.city}-{release.number}"

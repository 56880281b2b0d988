"""What the page of a draft says: where it is in its life, what was found, what differs, who may do what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access
from bureau.organization.terms import Duty
from bureau.policy.rules.faults import Fault, Place
from bureau.policy.rules.release_stages import STAGES
from bureau.policy.selectors import differing, releases
from bureau.policy.terms import ReleaseStage
from bureau.trail import selectors as trail

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.policy.models import Release
    from bureau.policy.rules.checks import Report
    from bureau.policy.selectors.differing import Differences

READERS = (Duty.POLICY, Duty.POLICY_CHECK, Duty.LEADER_CITY, Duty.AUDIT)
# Of those who read drafts, the ones whom the simulation lets begin one.
_SIMULATORS = (Duty.POLICY, Duty.LEADER_CITY)
_STEPS = ("起草", "送审", "逐项核对", "发布")
_REACHED = {
    ReleaseStage.DRAFT: 0,
    ReleaseStage.SUBMITTED: 2,
    ReleaseStage.CHECKED: 3,
    ReleaseStage.PUBLISHED: 4,
    ReleaseStage.SUPERSEDED: 4,
    ReleaseStage.WITHDRAWN: 0,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in words, and the address of the line where it stands; `line` is 0 for another document."""

    text: str
    where: str
    code: str
    address: str
    line: int


def findings(faults: tuple[Fault, ...], release: Release, here: str = "") -> list[Finding]:
    """Faults with links: to the line on this page, or to the document in which it stands."""
    found = []
    for fault in faults:
        name = fault.place.file.partition("/")[2]
        is_here = name == here
        page = f"{reverse('policy:document', args=[release.pk, name])}?as=text" if name and not is_here else ""
        found.append(
            Finding(
                text=fault.message,
                where=f"第 {fault.place.line} 行" if is_here else str(fault.place),
                code=fault.code,
                address=f"{page}#line-{fault.place.line}",
                line=fault.place.line if is_here else 0,
            )
        )
    return found


def placed(faults: tuple[Fault, ...], city: str) -> tuple[Fault, ...]:
    """Faults of one document read by itself, with their place as in the whole set."""
    return tuple(replace(fault, place=Place(f"{city}/{fault.place.file}", fault.place.line)) for fault in faults)


def report_context(report: Report, release: Release, here: str = "") -> dict[str, Any]:
    """What the block of the checks needs."""
    return {
        "is_clean": report.is_clean,
        "faults": findings(report.faults, release, here),
        "warnings": findings(report.warnings, release, here),
        "ending": report.ending,
        "assumed": len(report.assumed),
        "examples": len(report.rulebook.examples) if report.rulebook else 0,
    }


def steps(release: Release) -> list[dict[str, str]]:
    """起草 → 送审 → 逐项核对 → 发布."""
    stage = ReleaseStage(release.stage)
    reached = _REACHED[stage]
    notes = (
        f"{release.drafted_by}",
        f"{release.submitted_at:%Y-%m-%d %H:%M}" if release.submitted_at else "",
        f"{release.checked_by}" if release.checked_by else "",
        f"{release.published_by}" if release.published_by else "",
    )
    names = zip(_STEPS, notes, strict=True)
    return [{"name": name, "state": _state(at, reached, stage), "note": note} for at, (name, note) in enumerate(names)]


def _state(at: int, reached: int, stage: ReleaseStage) -> str:
    if at == reached:
        return "bad" if stage is ReleaseStage.WITHDRAWN else "now"
    return "done" if at < reached else ""


def may(request: HttpRequest, release: Release) -> dict[str, bool]:
    """Which verbs this person has here: the table of stages, the duty, and whether one is the drafter."""
    is_own = release.drafted_by_id == access.staff(request).pk
    verbs = {}
    for way in STAGES.transitions:
        if way.source != release.stage or not way.duty:
            continue
        verbs[way.verb] = access.may(request, Duty(way.duty)) and is_own == (way.duty == Duty.POLICY)
    verbs["edit"] = release.stage == ReleaseStage.DRAFT and is_own and access.may(request, Duty.POLICY)
    return verbs


def checker_sentence(request: HttpRequest, release: Release, left: int) -> str:
    """Why this person cannot check or publish now; empty when they can."""
    if release.stage == ReleaseStage.DRAFT:
        return "送审后由另一人核对。"
    if release.stage not in (ReleaseStage.SUBMITTED, ReleaseStage.CHECKED):
        return ""
    if release.drafted_by_id == access.staff(request).pk:
        return "您是起草人，复核和发布须由他人办理。"
    if not access.may(request, Duty.POLICY_CHECK):
        return "待政策复核岗办理，您没有这个岗位。"
    return f"还有 {left} 处改动没有打开核对。" if left and release.stage == ReleaseStage.SUBMITTED else ""


def difference_context(release: Release, by: Staff) -> dict[str, Any]:
    """Changed values and documents, each marked where this person has opened it."""
    found = differing.differences(release)
    opened = releases.opened_by(release, by)
    return {
        "differences": found,
        "values": [(change, change.key in opened) for change in found.values],
        "files": [(change, change.key in opened) for change in found.files],
        "left": len(found.keys - opened),
        "first_url": change_address(release, next_unopened(found, opened)),
    }


def change_address(release: Release, key: str) -> str:
    """The page of one change; empty where there is none."""
    return reverse("policy:change", args=[release.pk, key]) if key else ""


def next_unopened(found: Differences, opened: set[str], after: str = "") -> str:
    """The next change to open behind this one, then from the beginning; empty when all have been opened."""
    keys = found.in_order
    at = keys.index(after) + 1 if after in keys else 0
    return next((key for key in (*keys[at:], *keys[:at]) if key not in opened), "")


def simulation_address(request: HttpRequest, release: Release) -> str:
    """Where what the draft would have cost is computed; empty for those whom that page would refuse."""
    return f"{reverse('simulation:new')}?release={release.pk}" if access.may(request, *_SIMULATORS) else ""


def history(release: Release) -> Any:
    """What was done to it, newest first."""
    return trail.history("release", f"{release.city}-{release.number}")

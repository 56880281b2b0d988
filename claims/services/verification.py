"""Prove that every stored adjudication follows from what is stored with it, and open a finding where it does not.

Each night a run goes through all person-years, a step at a time, with the compiled kernel where there is one.
Nothing is corrected here: a finding (核算不符) stays until a person has said what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import scope, staff
from bureau.organization.terms import Duty
from bureau.policy.selectors import rulesets
from bureau.trail.services import actions, runs
from bureau.trail.terms import RunStage
from claims.models import Discrepancy
from claims.rules import recheck
from claims.rules.compiled import RunYears, run_years
from claims.selectors import versions
from claims.terms import DiscrepancyKind, DiscrepancyStage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from bureau.organization.models import Staff
    from bureau.trail.models import Run, Step

JOB = "claims.verify_adjudications"
# Person-years in one step: a second or two of work.
CHUNK = 5_000
# The machine code of the compiled kernel, kept from one run to the next.
CACHE = settings.BASE_DIR / "var" / "numba"


@dataclass(slots=True)
class Verified:
    """What was looked at, and what was not confirmed."""

    person_years: int = 0
    adjudications: int = 0
    findings: dict[str, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        return not any(self.findings.values())

    def add(self, other: Verified) -> None:
        self.person_years += other.person_years
        self.adjudications += other.adjudications
        for kind, count in other.findings.items():
            self.findings[kind] = self.findings.get(kind, 0) + count


# The night's run


@transaction.atomic
def open_run(*, on: date) -> Run:
    """The run of this night, with a step for each stretch of person-years; opened again, it is the same."""
    run, is_new = runs.open_run(job=JOB, period=on.isoformat(), by=None)
    if is_new:
        keys = versions.person_years()
        stretches = (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
        runs.add_steps(run, keys=(f"{stretch[0]:012d}-{stretch[-1]:012d}" for stretch in stretches))
    if run.stage == RunStage.OPEN:
        runs.start(JOB, run_id=run.pk)
    return run


def work(run_id: int, *, seconds: float | None = None) -> Run:
    """Verify stretches until none is free or the time is over; close the run when all are done."""
    compiled = _compiled()
    runs.work(run_id, lambda step: _perform(step, compiled), seconds=seconds)
    with transaction.atomic():
        return runs.close_run(runs.locked(run_id))


def _perform(step: Step, compiled: RunYears | None) -> None:
    first, last = (int(key) for key in step.key.split("-"))
    _verify(versions.between(first, last), compiled)


# At once, for the command


def verify(*, year: int | None = None, sample: int | None = None) -> Verified:
    """All person-years, or those of a year, or a sample of them; findings are written."""
    wanted, whole, compiled = versions.person_years(year=year, sample=sample), Verified(), _compiled()
    for start in range(0, len(wanted), CHUNK):
        with transaction.atomic():
            whole.add(_verify(wanted[start : start + CHUNK], compiled))
    return whole


def _verify(person_year_ids: Sequence[int], compiled: RunYears | None) -> Verified:
    """Gather, compute anew, write down what differs; as many queries for one person-year as for thousands."""
    years = list(versions.of_years(person_year_ids))
    grouped = recheck.by_policy(calculation for year in years for calculation in recheck.calculations(year))
    intact = rulesets.intact(grouped)
    found = [_altered(policy) for policy in sorted(grouped.keys() - intact)]
    for policy in sorted(intact & grouped.keys()):
        found += _findings(recheck.deviations(rulesets.rulebook(policy), grouped[policy], compiled=compiled))
    _write(found)
    return Verified(len(person_year_ids), sum(map(len, years)), _counted(found))


def _findings(deviations: Sequence[recheck.Deviation]) -> Iterator[Discrepancy]:
    for deviation in deviations:
        kind = DiscrepancyKind.AMOUNT if deviation.differing else DiscrepancyKind.TRACE
        yield Discrepancy(
            adjudication_id=deviation.stored.pk,
            area_id=deviation.stored.area_code,
            kind=(kind if deviation.recomputed else DiscrepancyKind.FACTS).value,
            stored={name: held for name, (held, _) in deviation.differing.items()},
            recomputed={name: anew for name, (_, anew) in deviation.differing.items()},
        )


def _altered(policy_sha256: str) -> Discrepancy:
    """The law itself was altered or is gone: one finding, at the first adjudication that was made by it."""
    first, area_code = versions.first_under(policy_sha256)
    return Discrepancy(adjudication_id=first, area_id=area_code, kind=DiscrepancyKind.POLICY.value)


def _counted(found: Sequence[Discrepancy]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for finding in found:
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
    return counts


def _write(found: Sequence[Discrepancy]) -> None:
    """A finding stays one, however often it is found; another difference than the explained one opens it again."""
    known = Discrepancy.objects.in_bulk([finding.adjudication_id for finding in found], field_name="adjudication_id")
    fresh = []
    for finding in found:
        former = known.get(finding.adjudication_id)
        if former is None:
            fresh.append(finding)
        elif _said(former) != _said(finding):
            former.kind, former.stored, former.recomputed = finding.kind, finding.stored, finding.recomputed
            former.stage, former.reason = DiscrepancyStage.OPEN.value, ""
            former.explained_by, former.explained_at = None, None
            former.save()
    Discrepancy.objects.bulk_create(fresh, ignore_conflicts=True)
    if fresh:
        actions.record(
            action="claims.discrepancies.found",
            subject_kind="adjudication",
            subject_key="bulk",
            summary=f"核算重核发现 {len(fresh)} 处不符。",
            detail=_counted(fresh),
            by=None,
        )


def _said(finding: Discrepancy) -> tuple[str, dict[str, int], dict[str, int]]:
    return finding.kind, finding.stored, finding.recomputed


def _compiled() -> RunYears | None:
    """The compiled kernel; without a compiler the plain one says the same, more slowly."""
    try:
        return run_years(CACHE)
    except BusinessError:
        return None


# What a person does about it


@transaction.atomic
def explain(*, finding_id: int, reason: str, by: Staff) -> Discrepancy:
    """Close a finding with what it was."""
    finding = (
        Discrepancy.objects.select_for_update(of=("self",))
        .select_related("adjudication__claim")
        .filter(pk=finding_id)
        .first()
    )
    if finding is None or not scope.covers(by, finding.area_id):
        raise BusinessError("claims.discrepancy_unknown", "没有这处核算不符，或它不在您的办理范围内。")
    if not staff.has_duty(by, Duty.REVIEW_SECOND):
        raise BusinessError("claims.duty", f"{by}没有“{Duty.REVIEW_SECOND.label}”岗位，不能说明核算不符。")
    if finding.stage != DiscrepancyStage.OPEN:
        raise BusinessError("claims.discrepancy_explained", "这处核算不符已由他人说明，请刷新页面查看。")
    if not reason.strip():
        raise BusinessError("claims.reason_missing", "请写明不符的原因和处理结果。")

    finding.stage = DiscrepancyStage.EXPLAINED.value
    finding.reason = reason.strip()[:300]
    finding.explained_by = by
    finding.explained_at = timezone.now()
    finding.save(update_fields=["stage", "reason", "explained_by", "explained_at"])

    actions.record(
        action="claims.discrepancy.explained",
        subject_kind="claim",
        subject_key=str(finding.adjudication.claim_id),
        summary=f"说明核算不符：单据 {finding.adjudication.claim.number} 第 {finding.adjudication.version} 版。",
        area_code=finding.area_id,
        by=by,
    )
    return finding

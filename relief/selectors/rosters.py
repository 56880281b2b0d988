"""Batches of rosters and their rows, as far as a staff member may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.organization.selectors.scope import narrow_codes
from bureau.trail import selectors as trail
from bureau.trail.terms import BatchKind, BatchStage
from relief.models import ReliefStatus, RosterEntry
from relief.terms import SettledHow, Verdict

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch


def visible_to(by: Staff) -> QuerySet[ImportBatch]:
    """The roster batches of the areas of `by`, newest first."""
    return narrow_codes(trail.batches(BatchKind.ROSTER.value), by).select_related("opened_by", "confirmed_by")


def batch_for(batch_id: int, *, by: Staff) -> ImportBatch:
    """One roster batch that `by` may see."""
    batch = visible_to(by).filter(pk=batch_id).first()
    if batch is None:
        raise BusinessError("relief.batch_unknown", f"没有编号为 {batch_id} 的名单批次，或不属您所在区划。")
    return batch


def waiting(by: Staff, stage: BatchStage) -> QuerySet[ImportBatch]:
    """The batches of a stage that lie before `by`, the oldest first."""
    return visible_to(by).filter(stage=stage.value).order_by("id")


def entries(batch_id: int) -> QuerySet[RosterEntry]:
    """The judged rows of a batch in the order of the file, exits behind them."""
    return RosterEntry.objects.filter(batch_id=batch_id).select_related("person").order_by("line", "id")


def shown_as(batch_id: int, tile: str) -> QuerySet[RosterEntry]:
    """The rows that a tile of the desk counts; settled errors are no longer counted as errors."""
    rows = entries(batch_id)
    if tile == SettledHow.SET_ASIDE:
        return rows.filter(settled_how=SettledHow.SET_ASIDE.value)
    if tile == Verdict.ERROR:
        return rows.filter(verdict=Verdict.ERROR.value).exclude(settled_how=SettledHow.SET_ASIDE.value)
    if tile == "warned":
        return rows.exclude(warnings=[])
    return rows.filter(verdict=tile) if tile in set(Verdict) else rows


def wrong_rows(batch_id: int) -> QuerySet[RosterEntry]:
    """Every row that is or was in error, also when it has been settled."""
    return entries(batch_id).filter(Q(verdict=Verdict.ERROR.value) | Q(settled_how=SettledHow.FIXED.value))


def kept_statuses(batch: ImportBatch) -> QuerySet[ReliefStatus]:
    """What a revocation left in place because care was settled on it."""
    touched = Q(begun_by=batch.pk) | Q(ended_by=batch.pk)
    return ReliefStatus.objects.select_related("person").filter(touched).order_by("person_id", "category")


def reading_problem(batch: ImportBatch, job: str) -> str:
    """Why the worker could not read the file of a batch; empty while it is to be read, or was."""
    run = trail.run_of(job, str(batch.pk))
    return "".join(reason for _, reason in trail.failed_steps(run.pk)) if run else ""


def in_force_over(batch: ImportBatch) -> ImportBatch | None:
    """A batch in force that makes this one come too late: of a later month, or another whole list of the same month."""
    later = Q(month__gt=batch.month, stage__in=_IN_FORCE) | Q(month=batch.month, stage=BatchStage.APPLIED.value)
    return _same_list(batch).filter(later).order_by("-month", "-id").first()


def in_force_upon(batch: ImportBatch) -> ImportBatch | None:
    """A batch in force that was applied upon this one."""
    return _same_list(batch).filter(stage__in=_IN_FORCE, confirmed_at__gt=batch.confirmed_at).order_by("-id").first()


def month_of(batch: ImportBatch) -> Month:
    """The month whose standing list the file is."""
    return Month.parse(batch.month)


_IN_FORCE = (BatchStage.APPLIED.value, BatchStage.PARTLY_REVOKED.value)


def _same_list(batch: ImportBatch) -> QuerySet[ImportBatch]:
    rosters = trail.batches(BatchKind.ROSTER.value).exclude(pk=batch.pk)
    return rosters.filter(source=batch.source, area_code=batch.area_code)


def people_of(batch_id: int) -> list[int]:
    """The people whose statuses a batch began or ended."""
    begun = ReliefStatus.objects.filter(begun_by_id=batch_id).values_list("person_id", flat=True)
    ended = ReliefStatus.objects.filter(ended_by_id=batch_id).values_list("person_id", flat=True)
    return sorted({*begun, *ended})

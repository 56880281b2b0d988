"""Reads of the trail: batches, runs with their progress, the history of one subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Count, Q
from django.db.models.functions import Cast
from django.utils import timezone

from bureau.fields.history import UPDATED, events_of
from bureau.trail.models import ActionLog, ImportBatch, ReadRecord, Run, Seal, Step
from bureau.trail.terms import ReadKind, RunStage, StepStage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from django.db.models import Model, QuerySet

    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come."""

    steps: int
    done: int
    failed: int

    @property
    def waiting(self) -> int:
        return self.steps - self.done - self.failed


@dataclass(frozen=True, slots=True)
class Change:
    """One event of a row and what the row was afterwards: the next state that is kept, or the row as it stands."""

    event: Any
    after: Any


def batch(batch_id: int) -> ImportBatch | None:
    """One import batch without its bytes."""
    return ImportBatch.objects.defer("content").filter(pk=batch_id).first()


def batches(kind: str) -> QuerySet[ImportBatch]:
    """The batches of a kind, newest first, without their bytes."""
    return ImportBatch.objects.defer("content").filter(kind=kind)


def run_of(job: str, period: str) -> Run | None:
    """The one run of a job for a period."""
    return Run.objects.filter(job=job, period=period).first()


def progress(run_id: int) -> Progress:
    """Counts of the run's steps."""
    counts = Step.objects.filter(run_id=run_id).aggregate(
        steps=Count("pk"),
        done=Count("pk", filter=Q(stage=StepStage.DONE.value)),
        failed=Count("pk", filter=Q(stage=StepStage.FAILED.value)),
    )
    return Progress(**counts)


def due_steps(run_id: int) -> int:
    """How many steps could be taken up now, by whoever."""
    due = Q(not_before__isnull=True) | Q(not_before__lte=timezone.now())
    return Step.objects.filter(due, run_id=run_id, stage=StepStage.WAITING.value).count()


def failed_steps(run_id: int) -> list[tuple[str, str]]:
    """Key and reason of the steps that wait for a person."""
    rows = Step.objects.filter(run_id=run_id, stage=StepStage.FAILED.value).order_by("key")
    return list(rows.values_list("key", "error"))


def history(subject_kind: str, subject_key: str) -> QuerySet[ActionLog]:
    """What happened to a subject, newest first; that somebody looked at it is left to the log itself."""
    return lines_of([subject_kind], [subject_key]).select_related("by")


def lines_of(subject_kinds: Iterable[str], subject_keys: Iterable[str]) -> QuerySet[ActionLog]:
    """The same where apps call a subject by several names; who did it is left to be looked up for all lines at once."""
    done = ActionLog.objects.filter(subject_kind__in=list(subject_kinds), subject_key__in=list(subject_keys))
    return done.exclude(action__endswith=".viewed")


def changes_of(rows: Sequence[Model], *, most: int) -> list[Change]:
    """The latest changes of rows of one table, the newest first, as far as they were made in one's own area."""
    events = events_of(type(rows[0])) if rows else None
    if events is None:
        return []
    after: dict[Any, Any] = {row.pk: row for row in rows}
    found = []
    for event in events._base_manager.filter(pgh_obj_id__in=list(after)).order_by("-pgh_id")[:most]:
        found.append(Change(event, after[event.pgh_obj_id]))
        if event.pgh_label == UPDATED:
            after[event.pgh_obj_id] = event
    return found


def names_of(model: type[Model], keys: Iterable[Any]) -> dict[Any, str]:
    """What the rows with these keys are called, as far as one may see them."""
    return {key: str(row) for key, row in model._base_manager.in_bulk(list(keys)).items()}


def actions_of(by: Staff) -> QuerySet[ActionLog]:
    """What a staff member did, newest first; coming, going and looking left out."""
    return ActionLog.objects.filter(by=by).exclude(action__startswith="portal.").exclude(action__endswith=".viewed")


def reads_since(by: Staff, since: datetime, *kinds: ReadKind) -> int:
    """How often somebody looked in one of these ways."""
    return ReadRecord.objects.filter(by=by, kind__in=[kind.value for kind in kinds], at__gt=since).count()


def reads_of(subject_kind: str, subject_key: str) -> QuerySet[ReadRecord]:
    """Who looked at a subject, the latest first."""
    return ReadRecord.objects.filter(subject_kind=subject_kind, subject_key=subject_key).select_related("by")


def opened_by(by: Staff, since: datetime) -> QuerySet[Any, int]:
    """The keys of the people whose file somebody has opened across counties, to ask within another question."""
    opened = ReadRecord.objects.filter(by=by, kind=ReadKind.OPENED.value, subject_kind="person", at__gt=since)
    return opened.order_by().annotate(person=Cast("subject_key", BigIntegerField())).values_list("person", flat=True)


def runs_in(stage: RunStage) -> QuerySet[Run]:
    """The runs that stand in a stage."""
    return Run.objects.filter(stage=stage.value)


def done_since(action: str, moment: datetime) -> QuerySet[ActionLog]:
    """What was done of one kind since a moment."""
    return ActionLog.objects.filter(action=action, at__gte=moment)


def chain_head() -> Seal | None:
    """The last link of the chain over the log, as it is printed."""
    return Seal.objects.order_by("-number").first()

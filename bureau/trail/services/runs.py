"""The one machine for long jobs (decision 16): a run per job and period, its steps, and who works on what.

The state stands in PostgreSQL; Celery only carries hints. One step is one transaction, its row lock is the lease: a
process that dies gives the step back, a process that sleeps too long cannot commit.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from celery import current_app
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.trail.models import Run, Step
from bureau.trail.terms import RunStage, StepStage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bureau.organization.models import Staff

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=2)


def open_run(*, job: str, period: str, by: Staff | None) -> tuple[Run, bool]:
    """The run of `job` for `period`, and whether this call made it; any number of callers at once get the same one.

    `job` is the name of the task that carries the run on, so that a sweeper can hint at it.
    """
    return Run.objects.get_or_create(job=job, period=period, defaults={"opened_by_id": by.pk if by else None})


def add_steps(run: Run, *, keys: Iterable[str]) -> None:
    """Add the steps that are not there yet."""
    Step.objects.bulk_create([Step(run=run, key=key) for key in sorted(set(keys))], ignore_conflicts=True)


def claim_step(run_id: int) -> Step | None:
    """The next step that nobody else holds, locked until the end of the present transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a step is claimed inside the transaction that does its work")
    return (
        Step.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(_due(), run_id=run_id, run__stage=RunStage.OPEN.value)
        .order_by("key")
        .first()
    )


def finish_step(step: Step) -> None:
    """Mark the step done, in the transaction that did its work."""
    Step.objects.filter(pk=step.pk).update(stage=StepStage.DONE.value, error="", finished_at=timezone.now())


def fail_step(step: Step, *, error: Exception) -> None:
    """Note a failed attempt after its work was rolled back: again after a pause, after five it waits for a person.

    What the business refuses will be refused again, so it waits for a person at once.
    """
    attempts = step.attempts + 1
    is_hopeless = isinstance(error, BusinessError) or attempts >= MOST_ATTEMPTS
    reason = error.message if isinstance(error, BusinessError) else f"{type(error).__name__}：作业出错，详见运行日志。"
    Step.objects.filter(pk=step.pk, stage=StepStage.WAITING.value).update(
        stage=StepStage.FAILED.value if is_hopeless else StepStage.WAITING.value,
        attempts=F("attempts") + 1,
        not_before=timezone.now() + FIRST_PAUSE * 2 ** (attempts - 1),
        error=reason[:400],
    )


def work(run_id: int, perform: Callable[[Step], None], *, seconds: float | None = None) -> int:
    """Perform steps of the run until none is free or the time is over; gives the number of steps done here."""
    ends_at = None if seconds is None else time.monotonic() + seconds
    done = 0
    while ends_at is None or time.monotonic() < ends_at:
        step: Step | None = None
        try:
            with transaction.atomic():
                step = claim_step(run_id)
                if step is None:
                    return done
                perform(step)
                finish_step(step)
            done += 1
        except Exception as error:
            if step is None:
                raise
            log.warning("step %s failed", step.pk, exc_info=not isinstance(error, BusinessError))
            fail_step(step, error=error)
    return done


def unfinished(run_id: int) -> int:
    """How many steps still wait, those included that somebody works on."""
    return Step.objects.filter(run_id=run_id, stage=StepStage.WAITING.value).count()


def locked(run_id: int) -> Run:
    """The run under a row lock; the fan-in of its steps is decided here."""
    return Run.objects.select_for_update(of=("self",)).get(pk=run_id)


def close_run(run: Run, *, message: str = "") -> Run:
    """Done when every step is; a failed step leaves the run to a person. Call with the run locked."""
    if run.stage == RunStage.DONE:
        return run
    stages = set(Step.objects.filter(run=run).values_list("stage", flat=True).distinct())
    if StepStage.WAITING.value in stages:
        return run
    run.stage = (RunStage.FAILED if StepStage.FAILED.value in stages else RunStage.DONE).value
    run.finished_at = timezone.now()
    run.message = message[:400]
    run.save(update_fields=["stage", "finished_at", "message"])
    return run


def reopen_failed(run: Run) -> int:
    """Give failed steps a new chance, after a person has mended what was wrong."""
    count = Step.objects.filter(run=run, stage=StepStage.FAILED.value).update(
        stage=StepStage.WAITING.value, attempts=0, not_before=None
    )
    if count:
        run.stage = RunStage.OPEN.value
        run.finished_at = None
        run.message = ""
        run.save(update_fields=["stage", "finished_at", "message"])
    return count


def cancel(run: Run, *, reason: str) -> None:
    """Give up the steps that nobody works on; `reopen_failed` takes them up again. Call with the run locked."""
    waiting = Step.objects.select_for_update(skip_locked=True, of=("self",))
    keys = list(waiting.filter(run=run, stage=StepStage.WAITING.value).values_list("pk", flat=True))
    Step.objects.filter(pk__in=keys).update(stage=StepStage.FAILED.value, error=reason)
    run.stage = RunStage.FAILED.value
    run.finished_at = timezone.now()
    run.message = reason
    run.save(update_fields=["stage", "finished_at", "message"])


def start(name: str, **arguments: object) -> None:
    """Start the task `name` once the present transaction has committed.

    A hint may be lost: the data is safe, the sweeper hints again. So a dead broker is noted and never raised, since
    an error here would reach a user whose work *was* saved.
    """

    def send() -> None:
        try:
            current_app.tasks[name].apply_async(kwargs=arguments, retry=False)
        except Exception:
            log.warning("no hint sent for %s; the sweeper will send it", name, exc_info=True)

    transaction.on_commit(send)


def _due() -> Q:
    return Q(stage=StepStage.WAITING.value) & (Q(not_before__isnull=True) | Q(not_before__lte=timezone.now()))

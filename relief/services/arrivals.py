"""Files that staff hand in by the page: a small one is read at once, a large one by the worker (decision 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau import walls
from bureau.trail.services import runs
from bureau.trail.terms import BatchStage
from relief.services import rosters
from relief.services.rosters import Staged

if TYPE_CHECKING:
    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch, Step

JOB = "relief.read_roster"
# Some ten thousand rows, a second of work.
READ_AT_ONCE = 512 * 1024


@transaction.atomic
def receive(*, content: bytes, file_name: str, source: str, month: str, area_code: str, by: Staff) -> Staged:
    """The batch of a file, read already or waiting for the worker. The same bytes again try a failed one again."""
    if len(content) <= READ_AT_ONCE:
        return rosters.stage(
            content=content, file_name=file_name, source=source, month=month, area_code=area_code, by=by
        )
    taken = rosters.take_in(
        content=content, file_name=file_name, source=source, month=month, area_code=area_code, by=by
    )
    if taken.batch.stage == BatchStage.CHECKING:
        _hand_over(taken.batch, by)
    if not taken.is_recognized:
        rosters.record(taken.batch, "relief.roster.received", "收到名单文件，由后台读取和比对", by)
    return taken


def work(run_id: int) -> None:
    """Read the file of a run; any number of workers may try, and one that was read stays read."""

    def perform(step: Step) -> None:
        rosters.read(batch_id=int(step.run.period))

    runs.work(run_id, perform)
    with transaction.atomic():
        runs.close_run(runs.locked(run_id))


# Jobs belong to the whole city.
@walls.as_system()
def _hand_over(batch: ImportBatch, by: Staff) -> None:
    run, _ = runs.open_run(job=JOB, period=str(batch.pk), by=by)
    runs.add_steps(run, keys=["read"])
    runs.reopen_failed(runs.locked(run.pk))
    runs.start(JOB, run_id=run.pk)

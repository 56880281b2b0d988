"""Runs, steps, hints and the sweeper on a real database."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.trail.models import ActionLog, Run, Step
from bureau.trail.services import actions, batches, runs, sweeper
from bureau.trail.terms import BatchKind, BatchStage
from tests.conftest import CHECKOUT, ThrowawayDatabase
from tests.factories import people


def a_run(*keys: str) -> Run:
    run, _ = runs.open_run(job="trail.sweep", period="2023-05", by=None)
    runs.add_steps(run, keys=keys)
    return run


@pytest.mark.django_db
def test_a_run_is_opened_once_and_its_steps_are_added_once() -> None:
    assert a_run("b", "a") == a_run("a", "c")
    assert list(Step.objects.values_list("key", flat=True)) == ["a", "b", "c"]


@pytest.mark.django_db
def test_steps_are_worked_in_order_and_the_run_is_closed() -> None:
    run, seen = a_run("b", "a"), []

    assert runs.work(run.pk, lambda step: seen.append(step.key)) == 2
    assert seen == ["a", "b"]
    assert runs.close_run(runs.locked(run.pk)).stage == "done"


@pytest.mark.django_db
def test_a_failing_step_is_tried_five_times_with_growing_pauses_and_hurts_no_other() -> None:
    run = a_run("bad", "good")

    def perform(step: Step) -> None:
        if step.key == "bad":
            raise ValueError("broken")

    pauses = []
    for _ in range(7):
        runs.work(run.pk, perform)
        bad = Step.objects.get(key="bad")
        pauses.append(round((bad.not_before - timezone.now()).total_seconds()))
        Step.objects.filter(key="bad").update(not_before=timezone.now() - timedelta(seconds=1))

    bad = Step.objects.get(key="bad")
    assert (bad.stage, bad.attempts) == ("failed", 5)
    assert pauses[:5] == [2, 4, 8, 16, 32]
    assert Step.objects.get(key="good").stage == "done"
    assert runs.close_run(runs.locked(run.pk)).stage == "failed"

    assert runs.reopen_failed(Run.objects.get()) == 1
    assert runs.work(run.pk, lambda step: None) == 1
    assert runs.close_run(runs.locked(run.pk)).stage == "done"


@pytest.mark.django_db
def test_what_the_business_refuses_waits_for_a_person_at_once() -> None:
    run = a_run("bad")

    def perform(step: Step) -> None:
        raise BusinessError("x.y", "缺少银行账号。")

    runs.work(run.pk, perform)
    assert list(Step.objects.values_list("stage", "attempts", "error")) == [("failed", 1, "缺少银行账号。")]


@pytest.mark.django_db
def test_the_work_of_a_failed_step_is_rolled_back() -> None:
    run = a_run("bad")

    def perform(step: Step) -> None:
        actions.record(action="a", subject_kind="s", subject_key="k", summary="", by=None)
        raise ValueError("broken")

    runs.work(run.pk, perform)
    assert not ActionLog.objects.exists()


def test_twenty_at_once_open_one_run_and_share_its_steps(throwaway_database: ThrowawayDatabase) -> None:
    seen: list[str] = []
    ready = threading.Barrier(20)

    @walls.as_system()
    def start() -> None:
        ready.wait()
        run = a_run(*(f"{number:03d}" for number in range(40)))
        runs.work(run.pk, lambda step: seen.append(step.key))
        connection.close()

    threads = [threading.Thread(target=start) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Run.objects.count() == 1
    assert sorted(seen) == [f"{number:03d}" for number in range(40)]


def test_a_dead_broker_neither_reaches_nor_delays_the_user(throwaway_database: ThrowawayDatabase) -> None:
    script = """
import time
from django.db import transaction
from bureau import walls
from bureau.trail.services import runs
begun = time.monotonic()
with walls.as_system(), transaction.atomic():
    runs.open_run(job="trail.sweep", period="2023-05", by=None)
    runs.start("trail.sweep")
print(time.monotonic() - begun < 3)
"""
    shown = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", script],
        cwd=CHECKOUT,
        env={**throwaway_database.environment, "REDIS_URL": "redis+socket:///nowhere.sock"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == "True"
    assert Run.objects.count() == 1


@pytest.mark.django_db
def test_the_sweeper_hints_at_every_open_run(django_capture_on_commit_callbacks) -> None:
    a_run("a")
    with django_capture_on_commit_callbacks(execute=False) as hints:
        assert sweeper.sweep() == 1
    assert len(hints) == 1

    runs.work(Run.objects.get().pk, lambda step: None)
    runs.close_run(runs.locked(Run.objects.get().pk))
    assert sweeper.sweep() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE trail_actionlog SET summary = 'x'", "DELETE FROM trail_actionlog", "TRUNCATE trail_actionlog"],
)
def test_the_action_log_only_grows(statement: str) -> None:
    actions.record(action="a", subject_kind="s", subject_key="k", summary="", by=None)
    with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


@pytest.mark.django_db
def test_the_same_bytes_are_recognized_until_they_were_refused() -> None:
    clerk = people.a_clerk()

    def opened() -> batches.Opened:
        return batches.open_batch(
            kind=BatchKind.CLAIMS,
            source="H51070400001",
            area_code="510704",
            month="2023-05",
            file_name="x.csv",
            content=b"bytes",
            by=clerk,
        )

    first = opened()
    again = opened()
    assert (first.is_recognized, again.is_recognized, again.batch.pk) == (False, True, first.batch.pk)

    batches.close(first.batch, stage=BatchStage.REFUSED)
    assert opened().is_recognized is False

"""A real worker process is killed with -9 in the middle of a settlement; the seal is that of an undisturbed run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection, transaction

from bureau import walls
from bureau.kernel.terms import Care, Scheme
from bureau.trail.models import Step
from bureau.trail.services import sweeper
from claims.models import Settlement, SettlementRun
from claims.services import checking, settlement
from tests.factories import month, people

if TYPE_CHECKING:
    from tests.conftest import ThrowawayDatabase

CHECKOUT = Path(__file__).resolve().parents[2]
INSTITUTIONS = 6
HELD = "H51070400004"


def a_filed_month() -> None:
    worker, farmer = people.a_person(), people.a_person()
    people.an_enrollment(worker, scheme=Scheme.EMPLOYEE)
    people.an_enrollment(farmer)
    for number in range(1, INSTITUTIONS + 1):
        month.filed(
            month.a_paid_hospital(code=f"H510704{number:05d}"),
            month.Bill("MZ-1", worker, f"{number * 777}.77"),
            month.Bill("ZY-1", farmer, f"{number * 9_999}.99", Care.INPATIENT, date(2023, 5, number)),
        )
    month.adjudicated()


def undisturbed_seal() -> str:
    with transaction.atomic():
        seal = month.settled().seal_sha256
        transaction.set_rollback(True)
    return seal


@contextmanager
def a_worker(database: ThrowawayDatabase) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "bureau",
        "worker",
        "-c",
        "2",
        "--without-mingle",
        "--without-gossip",
    ]
    process = subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=database.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def held_step(run: SettlementRun) -> Iterator[None]:
    """An open transaction that has the statement of one institution in hand: a worker gets stuck in its step."""
    settings = connection.settings_dict
    with psycopg.connect(
        host=settings["HOST"], port=settings["PORT"], user=settings["USER"], dbname=settings["NAME"]
    ) as other:
        other.execute(
            "SELECT set_config('walls.actor', %s, true)", [walls.signed(walls.SYSTEM, other.info.backend_pid)]
        )
        other.execute(
            """
            INSERT INTO claims_settlement (run_id, number, institution_id, area_id, claim_count, total, due, deducted,
                                           withheld, payable, sha256)
            SELECT %s, 'held', id, area_id, 0, 0, 0, 0, 0, 0, '' FROM institutions_institution WHERE code = %s
            """,
            [run.pk, HELD],
        )
        yield
        other.rollback()


def wait_for(what: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.05)


def is_somebody_waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.slow
def test_a_worker_killed_in_mid_settlement_changes_nothing(throwaway_database: ThrowawayDatabase) -> None:
    a_filed_month()
    expected = undisturbed_seal()
    run = settlement.open_month(month=month.MONTH, by=month.an_accountant())

    with held_step(run), a_worker(throwaway_database) as worker:
        wait_for(is_somebody_waiting_for_a_lock)
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        done = Step.objects.filter(stage="done").count()
        assert 0 < done < INSTITUTIONS
    assert SettlementRun.objects.get().stage == "computing"

    with a_worker(throwaway_database):
        sweeper.sweep()
        wait_for(lambda: SettlementRun.objects.get().stage == "sealed")
    assert SettlementRun.objects.get().seal_sha256 == expected
    assert Settlement.objects.count() == INSTITUTIONS

    month.approved(SettlementRun.objects.get())
    assert checking.check_books(by=None).is_sound

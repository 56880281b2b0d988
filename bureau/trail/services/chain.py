"""The chain over the log (decision 25): seal what was written, close the day, prove that nothing was altered."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.trail.models import Run, Step
from bureau.trail.selectors import chain_head
from bureau.trail.services import runs
from bureau.trail.terms import Book, FaultKind

log = logging.getLogger(__name__)

JOB = "trail.verify"
# Lines to a transaction: some tenths of a second.
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it was sealed: the link (0: none), the book and the line in it."""

    kind: str
    number: int
    book: str
    line: int

    def __str__(self) -> str:
        where = f"第 {self.number} 环" if self.number else "未封"
        return f"{where}，{Book.label_of(self.book)}第 {self.line} 行：{FaultKind.label_of(self.kind)}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a walk along the whole chain gave; the first fault comes first."""

    sealed: int
    unsealed: int
    head: str
    faults: list[Fault]

    @property
    def is_sound(self) -> bool:
        return not self.faults

    def to_json(self) -> dict[str, Any]:
        return {
            "sealed": self.sealed,
            "unsealed": self.unsealed,
            "head": self.head,
            "faults": [asdict(fault) for fault in self.faults],
        }


def seal(*, most: int = CHUNK) -> int:
    """Seal every line that is committed and not sealed, a transaction each `most` lines; gives how many."""
    done = 0
    while True:
        count: int
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT trail_seal_lines(%s)", [most])
            (count,) = cursor.fetchone()
        done += count
        if count < most:
            return done


def close_day(day: date) -> None:
    """Note for good where the chain stood when `day` had ended; a second call changes nothing."""
    seal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail_close_day(%s)", [day])
    seal()


def prove(*, paper_head: str = "") -> Proof:
    """Walk along the whole chain; `paper_head` is a head that was printed, which a rewritten chain does not have."""
    with connection.cursor() as cursor:
        cursor.execute(_BROKEN)
        faults = [Fault(*row) for row in cursor.fetchall()]
        cursor.execute(_HEADS)
        faults += [Fault(FaultKind.HEAD.value, number, Book.HEAD.value, line) for number, line in cursor.fetchall()]
        cursor.execute(_UNSEALED)
        unsealed = cursor.fetchall()
        if paper_head:
            cursor.execute("SELECT count(*) FROM trail_seal WHERE sha256 = %s", [paper_head.strip().lower()])
            if cursor.fetchone()[0] != 1:
                faults.append(Fault(FaultKind.PAPER.value, 0, Book.HEAD.value, 0))
    faults += [Fault(FaultKind.LATE.value, 0, book, line) for book, line, is_late in unsealed if is_late]
    head = chain_head()
    return Proof(head.number if head else 0, len(unsealed), head.sha256 if head else "", faults)


def verify_day(day: date) -> Run:
    """The nightly walk as a job, so that its result stands where jobs stand and a broken chain waits for a person."""
    run, is_new = runs.open_run(job=JOB, period=day.isoformat(), by=None)
    if is_new:
        runs.add_steps(run, keys=["chain"])
    close_day(day)
    continue_run(run.pk)
    run.refresh_from_db()
    return run


def continue_run(run_id: int) -> None:
    """Do what is left of such a job."""
    told: list[str] = []

    def perform(_: Step) -> None:
        proof = prove()
        told.append(f"已核 {proof.sealed} 环，一致。链头 {proof.head}")
        if not proof.is_sound:
            log.error("the trail is broken at %s places", len(proof.faults))
            raise BusinessError("trail.broken", f"日志链有 {len(proof.faults)} 处不符，首处：{proof.faults[0]}。")

    runs.work(run_id, perform)
    with transaction.atomic():
        run = runs.locked(run_id)
        failed = run.steps.exclude(error="").values_list("error", flat=True).first()
        runs.close_run(run, message=failed or "".join(told[-1:]))


def yesterday() -> date:
    """The day that the nightly walk closes."""
    return timezone.localdate() - timedelta(days=1)


# Every link whose line is gone, whose place does not follow the former, or whose hash is not what line and former give.
_BROKEN = """
SELECT CASE WHEN link.number <> link.former_number + 1 THEN 'gap' WHEN written.content IS NULL THEN 'missing'
            ELSE 'altered' END, link.number, link.book, link.line
  FROM (SELECT seal.*, lag(number, 1, 0::bigint) OVER (ORDER BY number) AS former_number,
               lag(sha256::text, 1, '') OVER (ORDER BY number) AS former
          FROM trail_seal seal) link
  LEFT JOIN trail_line written ON written.book = link.book AND written.line = link.line
 WHERE written.content IS NULL OR link.number <> link.former_number + 1
    OR link.sha256 <> trail_link(link.former, link.number, link.book, link.sealed_at, written.content)
 ORDER BY link.number
"""
# A daily head whose link is not there any more, or is another: the tail was cut, or everything written anew.
_HEADS = """
SELECT head.number, head.id FROM trail_dayhead head LEFT JOIN trail_seal link USING (number)
 WHERE link.sha256 IS DISTINCT FROM head.sha256 ORDER BY head.number
"""
_UNSEALED = """
SELECT written.book, written.line, written.at < clock_timestamp() - interval '1 minute'
  FROM trail_line written LEFT JOIN trail_seal link ON link.book = written.book AND link.line = written.line
 WHERE link.number IS NULL ORDER BY written.at, written.book, written.line
"""

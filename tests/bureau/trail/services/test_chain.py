"""Whatever is altered in a sealed line, in the chain or in a daily head, is found, and found where it was done."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.utils import IntegrityError

from bureau import walls
from bureau.schedule import SCHEDULE
from bureau.trail import selectors, tasks
from bureau.trail.models import ActionLog, DayHead, Run, Seal
from bureau.trail.services import actions, chain, reads
from bureau.trail.terms import ReadKind, RunStage
from tests.factories.people import a_clerk

DAY = date(2023, 5, 3)
KEPT = ("trail_actionlog", "trail_readrecord", "trail_seal", "trail_dayhead")


def written(count: int = 3) -> None:
    by = a_clerk()
    for number in range(count):
        actions.record(
            action="a.b",
            subject_kind="person",
            subject_key=str(number),
            summary=f"第 {number} 件",
            detail={"rows": number},
            by=by,
            area_code="510704",
        )
    reads.record(kind=ReadKind.VIEWED, subject_kind="person", subject_key="7", screen="person", by=by)


@contextmanager
def tampering() -> Iterator[None]:
    """As somebody above all triggers and rights, and back again as if nothing had been."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Foreign keys that are still to be checked would keep a table from being altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in KEPT:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        transaction.set_rollback(True)


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def found() -> list[tuple[str, int, str, int]]:
    return [(fault.kind, fault.number, fault.book, fault.line) for fault in chain.prove().faults]


@pytest.mark.django_db
class TestSealing:
    def test_every_line_of_both_books_becomes_one_link_and_again_none(self) -> None:
        written(3)
        assert chain.prove().unsealed == 4
        assert chain.seal(most=2) == 4
        assert chain.seal() == 0

        links = list(Seal.objects.all())
        assert [link.number for link in links] == [1, 2, 3, 4]
        assert [(link.book, link.line) for link in links[:3]] == [
            ("action", line) for line in ActionLog.objects.order_by("pk").values_list("pk", flat=True)
        ]
        assert chain.prove() == chain.Proof(4, 0, links[-1].sha256, [])

    def test_a_link_is_the_hash_that_anybody_can_compute_again(self) -> None:
        actions.record(
            action="a.b", subject_kind="person", subject_key="0", summary="第 0 件", detail={"rows": 0}, by=a_clerk()
        )
        chain.seal()
        link, line = Seal.objects.get(number=1), ActionLog.objects.get()

        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM trail_line WHERE book = 'action'")
            (content,) = cursor.fetchone()
            cursor.execute("SELECT to_char(sealed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') FROM trail_seal")
            (sealed_at,) = cursor.fetchone()
        assert json.loads(content)[2:] == [line.by_id, "a.b", "person", "0", "第 0 件", {"rows": 0}, line.area_code]
        assert link.sha256 == sha256(f"\n1\naction\n{sealed_at}\n{content}".encode()).hexdigest()

    def test_is_the_systems_and_nobody_else_adds_or_takes_away(self, as_application: None) -> None:
        written(1)
        with walls.as_staff(a_clerk()), pytest.raises(ProgrammingError, match="只由系统"), transaction.atomic():
            chain.seal()
        chain.seal()
        for statement in (
            "INSERT INTO trail_seal VALUES (9, 'action', 9, now(), '')",
            "UPDATE trail_seal SET sha256 = ''",
            "DELETE FROM trail_seal",
            "TRUNCATE trail_seal",
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                sql(statement)

    @pytest.mark.parametrize("statement", ["UPDATE {} SET sha256 = ''", "DELETE FROM {}", "TRUNCATE {}"])
    @pytest.mark.parametrize("table", ["trail_seal", "trail_dayhead"])
    def test_the_owner_is_refused_too(self, table: str, statement: str) -> None:
        written(1)
        chain.close_day(DAY)
        with pytest.raises(IntegrityError, match="只增不改"), transaction.atomic():
            sql(statement.format(table))


@pytest.mark.django_db
class TestTampering:
    def test_each_of_220_single_cells_altered_is_found_at_its_line(self) -> None:
        written(40)
        chain.close_day(DAY)
        cells = [
            (table, row, column)
            for table, key in (
                ("trail_actionlog", "id"), ("trail_readrecord", "id"), ("trail_seal", "number"), ("trail_dayhead", "id")
            )
            for row in rows_of(table, key)
            for column in columns_of(table, key)
        ]  # fmt: skip
        assert {column for table, _, column in cells if table == "trail_actionlog"} == {
            "at", "by_id", "action", "subject_kind", "subject_key", "summary", "detail", "area_code"
        }  # fmt: skip
        sampled = random.Random(20230503).sample(cells, 220)
        assert {table for table, _, _ in sampled} >= {"trail_actionlog", "trail_seal"}

        missed = [cell for cell in sampled if not is_found(*cell)]

        assert missed == []
        assert chain.prove().is_sound

    def test_a_line_deleted_from_the_middle_and_a_link_with_it(self) -> None:
        written(5)
        chain.seal()
        third = Seal.objects.get(number=3)
        with tampering():
            sql("DELETE FROM trail_actionlog WHERE id = %s", third.line)
            assert found() == [("missing", 3, "action", third.line)]
            sql("DELETE FROM trail_seal WHERE number = 3")
            assert [fault[:2] for fault in found()] == [("gap", 4)]

    def test_two_lines_that_changed_places(self) -> None:
        written(4)
        chain.seal()
        second, third = Seal.objects.get(number=2), Seal.objects.get(number=3)
        with tampering():
            sql("DELETE FROM trail_seal WHERE number IN (2, 3)")
            for number, link, line in ((2, second, third.line), (3, third, second.line)):
                sql(
                    "INSERT INTO trail_seal VALUES (%s, 'action', %s, %s, %s)",
                    number,
                    line,
                    link.sealed_at,
                    link.sha256,
                )
            assert [fault[1] for fault in found()] == [2, 3]

    def test_a_tail_cut_off_is_missed_by_the_daily_head(self) -> None:
        written(3)
        chain.close_day(DAY)
        with tampering():
            sql("DELETE FROM trail_actionlog WHERE id = (SELECT line FROM trail_seal WHERE number = 3)")
            sql("DELETE FROM trail_seal WHERE number >= 3")
            kinds = {fault.kind for fault in chain.prove().faults}
            assert "head" in kinds

    def test_everything_written_anew_is_found_by_the_head_on_paper_alone(self) -> None:
        written(3)
        chain.close_day(DAY)
        paper = selectors.chain_head().sha256
        with tampering():
            sql("UPDATE trail_actionlog SET summary = '改' WHERE id = (SELECT min(id) FROM trail_actionlog)")
            sql("DELETE FROM trail_seal")
            sql("DELETE FROM trail_dayhead")
            chain.close_day(DAY)
            assert chain.prove().is_sound
            assert [fault.kind for fault in chain.prove(paper_head=paper).faults] == ["paper"]
        assert chain.prove(paper_head=paper).is_sound

    def test_a_line_slipped_in_under_an_old_date_is_late(self) -> None:
        written(2)
        chain.seal()
        with tampering():
            sql("UPDATE trail_actionlog SET at = now() - interval '1 day'")
            sql(
                "INSERT INTO trail_actionlog (id, at, action, subject_kind, subject_key, summary, detail, area_code)"
                " VALUES (0, now() - interval '1 day', 'a', 'b', 'c', 'd', '{}', '')"
            )
            assert ("late", 0, "action", 0) in found()


def rows_of(table: str, key: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} ORDER BY 1")
        return [row for (row,) in cursor.fetchall()]


def columns_of(table: str, key: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        return [name for (name,) in cursor.fetchall() if name != key]


def is_found(table: str, row: int, column: str) -> bool:
    """Alter one cell, and see whether the first fault is of that very line."""
    key = "number" if table == "trail_seal" else "id"
    change = {
        "at": "at + interval '1 microsecond'",
        "sealed_at": "sealed_at + interval '1 microsecond'",
        "day": "day + 1",
        "by_id": "NULL",
        "line": "line + 1000000",
        "number": "number + 1",
        "detail": """detail || '{"x": 1}'""",
        "book": "'x'",
    }.get(column, f"left('*' || {column}, 64)")
    book = {"trail_actionlog": "action", "trail_readrecord": "read", "trail_dayhead": "head"}.get(table)
    with tampering():
        if column == "by_id" and table == "trail_readrecord":
            sql("ALTER TABLE trail_readrecord ALTER by_id DROP NOT NULL")
        sql(f"UPDATE {table} SET {column} = {change} WHERE {key} = %s", row)
        faults = chain.prove().faults
    if book is None:
        return bool(faults) and faults[0].number == row
    return (book, row) in {(fault.book, fault.line) for fault in faults}


@pytest.mark.django_db
class TestTheCommand:
    def test_says_where_and_exits_with_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        written(3)
        chain.seal()
        call_command("verify_trail")
        head = selectors.chain_head().sha256
        assert f"已封 4 环，未封 0 行，链头 {head}" in capsys.readouterr().out
        on_paper = " ".join(head[start : start + 8] for start in range(0, 64, 8))
        call_command("verify_trail", head=on_paper)
        with pytest.raises(CommandError, match="纸上的链头"):
            call_command("verify_trail", head="0" * 64)

        capsys.readouterr()
        with tampering():
            sql("UPDATE trail_actionlog SET summary = '改' WHERE subject_key = '1'")
            with pytest.raises(CommandError, match="第 2 环，操作日志第") as refused:
                call_command("verify_trail", "--json")
            assert refused.value.returncode == 1
            told = json.loads(capsys.readouterr().out)
        assert [(fault["kind"], fault["number"]) for fault in told["faults"]] == [("altered", 2)]


@pytest.mark.django_db
class TestEachNight:
    def test_the_walk_is_a_job_with_its_result_and_the_day_has_its_head(self) -> None:
        written(2)
        tasks.verify()
        run = Run.objects.get(job="trail.verify")
        day = chain.yesterday()
        assert (run.period, run.stage) == (day.isoformat(), RunStage.DONE)
        assert run.message == f"已核 4 环，一致。链头 {selectors.chain_head().sha256}"
        assert DayHead.objects.get(day=day).number == 3
        tasks.verify()
        assert (Run.objects.count(), DayHead.objects.count()) == (1, 1)

    def test_a_broken_chain_waits_for_a_person(self) -> None:
        written(2)
        chain.seal()
        with tampering():
            sql("UPDATE trail_actionlog SET summary = '改' WHERE subject_key = '0'")
            run = chain.verify_day(DAY)
            assert run.stage == RunStage.FAILED
            assert run.message.startswith("日志链有 1 处不符，首处：第 1 环，操作日志第")

    def test_the_clock_calls_both(self) -> None:
        due = {line.task: line.when for line in SCHEDULE}
        assert due["trail.seal"] <= 30
        assert "trail.verify" in due


def test_writers_at_once_do_not_wait_for_the_sealer_and_make_one_chain(throwaway_database: object) -> None:
    """Sealers and writers side by side, a line that commits late among them: one chain without a fork."""
    late, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with walls.as_system():
            with transaction.atomic():
                actions.record(action="a.slow", subject_kind="s", subject_key="slow", summary="慢", by=None)
                late.set()
                go_on.wait(20)
            connection.close()

    def quick(name: int) -> None:
        with walls.as_system():
            for number in range(20):
                actions.record(
                    action="a.quick", subject_kind="s", subject_key=f"{name}-{number}", summary="快", by=None
                )
                chain.seal()
            connection.close()

    first = threading.Thread(target=slow)
    first.start()
    assert late.wait(20)
    others = [threading.Thread(target=quick, args=(name,)) for name in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join(60)
    assert Seal.objects.count() == 60
    go_on.set()
    first.join(60)
    assert chain.seal() == 1

    assert ActionLog.objects.get(subject_key="slow").pk < ActionLog.objects.order_by("-pk").first().pk
    assert Seal.objects.get(number=61).line == ActionLog.objects.get(subject_key="slow").pk
    assert chain.prove().is_sound

"""The services of a checkout, started for real: they survive being killed, raced, and led astray by stale files."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from bureau.kernel.errors import BusinessError
from bureau.launcher import services
from bureau.launcher.places import locate
from tests.conftest import CHECKOUT

BOTH = {"PostgreSQL": True, "Valkey": True}
NEITHER = {"PostgreSQL": False, "Valkey": False}
PREAMBLE = """
import sys, time
from pathlib import Path
from bureau.launcher import services
checkout = Path(sys.argv[1])
"""


def database(checkout: Path) -> psycopg.Connection:
    return psycopg.connect(locate(checkout).addresses()["DATABASE_OWNER_URL"], autocommit=True)


def postmaster(checkout: Path) -> int:
    return int((locate(checkout).home / "postgres" / "data" / "postmaster.pid").read_text().split()[0])


def valkey(checkout: Path) -> redis.Redis:
    return redis.Redis(unix_socket_path=str(locate(checkout).sockets / "valkey.sock"))


def in_another_process(checkout: Path, code: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PREAMBLE + code, str(checkout)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )


class TestStarting:
    def test_a_second_start_finds_them_running(self, checkout: Path) -> None:
        assert services.start(checkout) == ["PostgreSQL", "Valkey"]
        assert services.start(checkout) == []
        assert services.status(checkout) == BOTH

    def test_two_starts_at_once_give_one_of_each(self, checkout: Path) -> None:
        racers = [in_another_process(checkout, "print(*services.start(checkout))") for _ in range(2)]

        printed = sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)

        assert printed == ["", "PostgreSQL Valkey"]
        assert services.status(checkout) == BOTH

    def test_addresses_of_the_environment_win(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/portal")
        monkeypatch.setenv("REDIS_URL", "redis://elsewhere:6379/0")

        assert services.start(checkout) == []
        assert services.status(checkout) == {}
        assert not (locate(checkout).home / "postgres").exists()

    def test_a_checkout_too_deep_for_a_socket_gets_a_short_one_elsewhere(self, tmp_path: Path) -> None:
        deep = tmp_path / ("很深的目录" * 8)
        deep.mkdir()
        try:
            services.start(deep)
            assert services.status(deep) == BOTH
            assert len(os.fsencode(locate(deep).sockets / ".s.PGSQL.5432")) < 100
        finally:
            services.clean(deep)

    def test_a_temporary_folder_that_is_a_link_of_somebody_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        deep = tmp_path / ("d" * 100)
        deep.mkdir()
        folder = locate(deep).temporary
        assert folder
        folder.symlink_to(tmp_path)
        try:
            with pytest.raises(BusinessError, match=r"launcher\.foreign_folder"):
                services.start(deep)
        finally:
            folder.unlink()


class TestSurviving:
    def test_kill_9_loses_no_row(self, checkout: Path) -> None:
        services.start(checkout)
        with database(checkout) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")

        os.kill(postmaster(checkout), signal.SIGKILL)
        os.kill(valkey(checkout).info()["process_id"], signal.SIGKILL)

        assert services.start(checkout) == ["PostgreSQL", "Valkey"]
        with database(checkout) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1000,)

    def test_a_stale_pid_file_that_names_a_living_stranger_is_not_believed(self, checkout: Path) -> None:
        services.start(checkout)
        pid_file = locate(checkout).home / "postgres" / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        services.stop(checkout)
        pid_file.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")

        assert services.start(checkout) == ["PostgreSQL", "Valkey"]

    def test_a_cluster_killed_while_it_was_made_is_made_anew(self, checkout: Path) -> None:
        draft = locate(checkout).home / "postgres" / "data.new"
        draft.mkdir(parents=True)
        (draft / "PG_VERSION").write_text("18\n")

        services.start(checkout)

        assert services.status(checkout) == BOTH


class TestStopping:
    def test_the_last_user_stops_them(self, checkout: Path) -> None:
        with services.using(checkout):
            with services.using(checkout) as started:
                assert started == []
            assert services.status(checkout) == BOTH
        assert services.status(checkout) == NEITHER

    def test_started_by_hand_they_stay(self, checkout: Path) -> None:
        services.start(checkout)
        with services.using(checkout):
            pass
        assert services.status(checkout) == BOTH
        assert services.stop(checkout) == ["Valkey", "PostgreSQL"]
        assert services.stop(checkout) == []

    def test_a_user_that_was_killed_is_no_user(self, checkout: Path) -> None:
        code = "with services.using(checkout): print('here', flush=True); time.sleep(60)"
        user = in_another_process(checkout, code)
        assert user.stdout
        assert user.stdout.readline() == "here\n"
        user.kill()
        user.communicate()
        with services.using(checkout):
            pass
        assert services.status(checkout) == NEITHER

    def test_clean_leaves_nothing(self, checkout: Path) -> None:
        services.start(checkout)
        places = locate(checkout)

        services.clean(checkout)

        assert services.status(checkout) == NEITHER
        assert not (places.home / "postgres").exists()
        assert not places.sockets.exists()
        assert places.temporary is None or not places.temporary.exists()


def test_the_log_of_postgresql_shows_no_values(checkout: Path) -> None:
    services.start(checkout)
    with database(checkout) as connection:
        connection.execute("CREATE TABLE person (id_number text UNIQUE)")
        insert = "INSERT INTO person VALUES (%s)"
        connection.execute(insert, ["330182199001011234"])
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute(insert, ["330182199001011234"])

    deadline = time.monotonic() + 5
    log = locate(checkout).home / "postgres" / "log"
    while "duplicate key" not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "duplicate key" in log.read_text()
    assert "330182199001011234" not in log.read_text()

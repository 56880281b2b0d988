"""`manage.py serve` in a newcomer's copy: it brings up everything, and leaves nothing behind."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bureau.launcher import portal, services
from tests.bureau.launcher.conftest import at_work_in

NOTHING = {"PostgreSQL": False, "Valkey": False}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def serve(checkout: Path, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "serve", f"--port={port}"],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def asked(port: int, path: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", path)
    return connection.getresponse().status


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason="processes are looked up in /proc")
class TestServing:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_everything_starts_and_a_signal_ends_everything(
        self, copied_checkout: Path, number: signal.Signals
    ) -> None:
        port = free_port()
        parent = serve(copied_checkout, port)
        assert parent.stdout
        assert f"http://127.0.0.1:{port}" in parent.stdout.readline()
        programs = " ".join(at_work_in(copied_checkout).values())

        assert asked(port, "/readyz") == 200
        assert all(word in programs for word in ("gunicorn", "worker", "beat"))

        parent.send_signal(number)
        printed, errors = parent.communicate(timeout=40)

        assert (parent.returncode, printed.strip(), errors) == (0, "门户已停止。", "")
        assert at_work_in(copied_checkout) == {}
        assert services.status(copied_checkout) == NOTHING

    def test_a_worker_that_dies_ends_the_whole_in_a_sentence(self, copied_checkout: Path) -> None:
        parent = serve(copied_checkout, free_port())
        assert parent.stdout
        parent.stdout.readline()
        worker = min(pid for pid, command in at_work_in(copied_checkout).items() if " worker " in command)

        os.kill(worker, signal.SIGKILL)
        _, errors = parent.communicate(timeout=40)

        assert parent.returncode == 1
        assert re.search(r"进程 worker 意外结束（退出码 -9），日志 \S+worker\.log 的结尾", errors)
        assert at_work_in(copied_checkout) == {}
        assert services.status(copied_checkout) == NOTHING

    def test_stop_from_another_terminal(self, copied_checkout: Path) -> None:
        parent = serve(copied_checkout, free_port())
        assert parent.stdout
        parent.stdout.readline()

        assert portal.stop(copied_checkout) is True

        assert parent.wait(timeout=10) == 0
        assert portal.stop(copied_checkout) is False

    def test_a_port_that_is_taken_is_refused_before_anything_starts(self, copied_checkout: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            parent = serve(copied_checkout, server.getsockname()[1])
            printed, errors = parent.communicate(timeout=20)

        assert (parent.returncode, printed) == (1, "")
        assert "launcher.port_in_use" in errors
        assert not (copied_checkout / "var").exists()


def test_a_second_portal_of_one_checkout_is_refused(tmp_path: Path) -> None:
    with portal.single(tmp_path), pytest.raises(Exception, match=r"launcher\.running"), portal.single(tmp_path):
        pass

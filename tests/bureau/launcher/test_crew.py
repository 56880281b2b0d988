"""Children of one parent: watched together, ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bureau.kernel.errors import BusinessError
from bureau.launcher import crew as module
from bureau.launcher.crew import Crew
from tests.conftest import CHECKOUT

FAMILY = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
time.sleep(60)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
PARENT = """
import os, sys, time
from pathlib import Path
from bureau.launcher.crew import Crew
crew = Crew(Path(sys.argv[1]), os.environ)
crew.start("child", sys.executable, "-c", "import time; time.sleep(60)")
print(crew.children[0].process.pid, flush=True)
time.sleep(60)
"""


def alive(pid: int) -> bool:
    """Whether a process does anything; one that nobody has buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def ends(pid: int) -> bool:
    """Whether a process ends soon; a signal takes its time."""
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def logged(folder: Path, name: str) -> str:
    deadline = time.monotonic() + 10
    log = folder / "var" / "log" / f"{name}.log"
    while not log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    return log.read_text()


def test_a_child_that_dies_is_reported_with_the_end_of_its_log(tmp_path: Path) -> None:
    with Crew(tmp_path, os.environ) as crew, pytest.raises(BusinessError) as refusal:
        crew.start("worker", sys.executable, "-c", "print('broker lost'); raise SystemExit(3)")
        crew.watch()

    assert "进程 worker 意外结束（退出码 3）" in refusal.value.message
    assert refusal.value.message.endswith("broker lost")


def test_the_log_of_an_earlier_run_is_kept_but_not_shown(tmp_path: Path) -> None:
    for word in ("yesterday", "today"):
        with Crew(tmp_path, os.environ) as crew, pytest.raises(BusinessError) as refusal:
            crew.start("worker", sys.executable, "-c", f"print('{word}')")
            crew.watch()

    assert "yesterday" not in refusal.value.message
    assert logged(tmp_path, "worker") == "yesterday\ntoday\n"


def test_grandchildren_end_too(tmp_path: Path) -> None:
    with Crew(tmp_path, os.environ) as crew:
        crew.start("web", sys.executable, "-c", FAMILY)
        grandchild = int(logged(tmp_path, "web"))
        assert alive(grandchild)
    assert ends(grandchild)


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 0.3)
    with Crew(tmp_path, os.environ) as crew:
        crew.start("deaf", sys.executable, "-c", DEAF)
        logged(tmp_path, "deaf")
        pid = crew.children[0].process.pid
    assert ends(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent was killed")
def test_children_do_not_outlive_a_parent_that_was_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert alive(child)

    parent.send_signal(signal.SIGKILL)
    parent.communicate()

    assert ends(child)


class TestRunningACommand:
    def test_gives_what_it_printed(self, tmp_path: Path) -> None:
        assert Crew(tmp_path, os.environ).run(sys.executable, "-c", "print('好')", captured=True) == "好\n"

    def test_that_fails_is_refused_by_name(self, tmp_path: Path) -> None:
        with pytest.raises(BusinessError, match=r"步骤失败：-c .*launcher\.step_failed"):
            Crew(tmp_path, os.environ).run(sys.executable, "-c", "raise SystemExit(1)")

    def test_ends_it_when_a_child_dies_meanwhile(self, tmp_path: Path) -> None:
        began = time.monotonic()
        with Crew(tmp_path, os.environ) as crew, pytest.raises(BusinessError, match=r"launcher\.child_died"):
            crew.start("worker", sys.executable, "-c", "raise SystemExit(1)")
            crew.run(sys.executable, "-c", "import time; time.sleep(60)")
        assert time.monotonic() - began < 10

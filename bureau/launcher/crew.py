"""The portal's own processes as children of one: none outlives it, and one that dies ends them all.

Every child leads a process group of its own, so that Ctrl-C reaches the parent alone, which then stops them in order.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from bureau.kernel.errors import BusinessError

GRACE = 15.0
PATIENCE = 60.0
TAIL_LINES = 20
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Child:
    """A running process, its name on screens, and where its log of this run begins."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    begins_at: int

    def said(self) -> str:
        """Its log of this run."""
        with self.log.open("rb") as file:
            file.seek(self.begins_at)
            return file.read().decode("utf-8", errors="replace")

    def tail(self) -> str:
        return "\n".join(self.said().splitlines()[-TAIL_LINES:])


class Crew:
    """Children that are started one by one, watched together and stopped in reverse at the end of the block."""

    def __init__(self, checkout: Path, environment: Mapping[str, str], *, logs: Path | None = None) -> None:
        self.checkout = checkout
        self.logs = logs or checkout / "var" / "log"
        self.environment = dict(environment)
        self.children: list[Child] = []

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, *command: str) -> Child:
        """Start a child that writes to NAME.log."""
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{name}.log"
        with log.open("ab") as file:
            begins_at = file.tell()
            process = self._spawn(command, stdout=file, stderr=subprocess.STDOUT)
        child = Child(name, process, log, begins_at)
        self.children.append(child)
        return child

    def wait_until(self, is_ready: Callable[[], bool], child: Child) -> None:
        """Wait until a child is ready, in whatever way that shows."""
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            self.check()
            if time.monotonic() > deadline:
                raise BusinessError("launcher.child_silent", f"进程 {child.name} 没有就绪，请看 {child.log}。")
            time.sleep(0.1)

    def run(self, *command: str, captured: bool = False) -> str:
        """Run a command to its end, while the children are watched; what it printed, where that is captured."""
        process = self._spawn(command, stdout=subprocess.PIPE if captured else None)
        printed: bytes | None = None
        try:
            while process.returncode is None:
                with suppress(subprocess.TimeoutExpired):
                    printed, _ = process.communicate(timeout=0.2)
                self.check()
        finally:
            process.terminate()
            _bury(process, GRACE)
        if process.returncode != 0:
            raise BusinessError("launcher.step_failed", f"步骤失败：{' '.join(command[1:])}")
        return (printed or b"").decode("utf-8")

    def check(self) -> None:
        """Raise when a child is dead, with the end of its log."""
        for child in self.children:
            code = child.process.poll()
            if code is not None:
                raise BusinessError(
                    "launcher.child_died",
                    f"进程 {child.name} 意外结束（退出码 {code}），日志 {child.log} 的结尾：\n{child.tail()}",
                )

    def watch(self) -> None:
        """Stay until a child dies or a signal arrives."""
        while True:
            self.check()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all to end, wait, and kill what did not listen; nobody is interrupted half-way."""
        before = {number: signal.signal(number, signal.SIG_IGN) for number in SIGNALS}
        try:
            for child in self.children:
                child.process.terminate()
            deadline = time.monotonic() + GRACE
            while self.children:
                _bury(self.children.pop().process, max(0.0, deadline - time.monotonic()))
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _spawn(
        self, command: tuple[str, ...], *, stdout: IO[bytes] | int | None = None, stderr: int | None = None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            preexec_fn=_end_with_the_parent if sys.platform == "linux" else None,
        )


def _end_with_the_parent() -> None:
    """Ask Linux to end this child when the parent is killed."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _bury(process: subprocess.Popen[bytes], patience: float) -> None:
    """Wait for a process that was asked to end, then kill what is left of its group."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()

"""What the running portal consists of: the web server, one Celery worker and the clock that wakes it."""

from __future__ import annotations

import fcntl
import http.client
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bureau.kernel.errors import BusinessError
from bureau.launcher.crew import SIGNALS, Crew


def start_worker(crew: Crew) -> None:
    """Start two processes that carry out what is due, and return once they listen.

    The name is unique, since two portals may share one broker.
    """
    options = ("--concurrency=2", "--loglevel=INFO", "--without-gossip", "--without-mingle")
    worker = crew.start("worker", *_celery("worker"), *options, f"--hostname=portal-{os.getpid()}@%h")
    crew.wait_until(lambda: " ready." in worker.said(), worker)


def start_clock(crew: Crew) -> None:
    crew.start("beat", *_celery("beat"), "--loglevel=INFO")


def start_web(crew: Crew, host: str, port: int, *, workers: int = 2) -> None:
    """Start the web server and return once it answers."""
    options = (f"--workers={workers}", "--threads=4", "--graceful-timeout=5", "--no-control-socket")
    web = crew.start("web", sys.executable, "-m", "gunicorn", "bureau.wsgi", f"--bind={host}:{port}", *options)
    crew.wait_until(lambda: _answers(host, port), web)


def demand_free(host: str, port: int) -> None:
    """Refuse a port that cannot be had, before any work is done."""
    try:
        with socket.create_server((host, port)):
            return
    except (OSError, OverflowError) as error:
        raise BusinessError(
            "launcher.port_in_use",
            f"端口 {port} 不能使用（可能已被占用），请换一个，例如 PORT={8080 + (port == 8080)}。",
        ) from error


@contextmanager
def single(checkout: Path) -> Iterator[None]:
    """One portal per checkout; its process number stands in the file, for `stop`."""
    (checkout / "var").mkdir(exist_ok=True)
    with _pid_file(checkout).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BusinessError("launcher.running", "本目录的门户已在运行；请先执行 make stop。") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def stop(checkout: Path) -> bool:
    """Ask the portal of this checkout to end, and wait for it; False when none runs."""
    path = _pid_file(checkout)
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.kill(int(file.read()), signal.SIGTERM)
            fcntl.flock(file, fcntl.LOCK_SH)
            return True
    return False


def stop_on_signals() -> None:
    """Let every usual signal unwind the stack as Ctrl-C does."""
    for number in SIGNALS:
        signal.signal(number, signal.default_int_handler)


def _celery(verb: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--app=bureau.celery", "--quiet", verb)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _pid_file(checkout: Path) -> Path:
    return checkout / "var" / "portal.pid"

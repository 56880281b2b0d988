"""Start, stop and look after both services of a checkout; safe to call from several processes at once.

Started by hand they stay until stopped by hand; started for a piece of work they stop with the last who needed them.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TextIO

from bureau.launcher import postgres, valkey
from bureau.launcher.places import locate

Server = tuple[str, ModuleType]
SERVERS: dict[str, Server] = {"DATABASE_URL": ("PostgreSQL", postgres), "REDIS_URL": ("Valkey", valkey)}


def start(checkout: Path) -> list[str]:
    """Start what the environment gives no address for, ready to be used on return; the names of what was started."""
    with _lock(checkout):
        started = _start(checkout)
        _staying(checkout).touch()
        return started


def stop(checkout: Path) -> list[str]:
    """Stop what runs; the names of what was stopped."""
    with _lock(checkout):
        return _stop(checkout)


@contextmanager
def using(checkout: Path) -> Iterator[list[str]]:
    """The services for as long as a block lasts; the kernel lets go of a user that was killed, so none is forgotten."""
    (checkout / "var").mkdir(exist_ok=True)
    with (checkout / "var" / "services.users").open("w") as users:
        with _lock(checkout):
            fcntl.flock(users, fcntl.LOCK_SH)
            started = _start(checkout)
        try:
            yield started
        finally:
            with _lock(checkout):
                if _is_last(users) and not _staying(checkout).exists():
                    _stop(checkout)


def status(checkout: Path) -> dict[str, bool]:
    """Which of the services answer."""
    places = locate(checkout)
    return {name: server.ready(places) for name, server in _ours()}


def clean(checkout: Path) -> None:
    """Stop everything and remove the data, also from the temporary directory."""
    stop(checkout)
    places = locate(checkout)
    for folder in ("postgres", "valkey", "programs"):
        shutil.rmtree(places.home / folder, ignore_errors=True)
    shutil.rmtree(places.sockets, ignore_errors=True)
    if places.temporary:
        shutil.rmtree(places.temporary, ignore_errors=True)
    places.memory.unlink(missing_ok=True)


def _start(checkout: Path) -> list[str]:
    places = locate(checkout)
    places.make()
    started = [name for name, server in _ours() if server.start(places)]
    if started:
        _staying(checkout).unlink(missing_ok=True)
    return started


def _stop(checkout: Path) -> list[str]:
    places = locate(checkout)
    _staying(checkout).unlink(missing_ok=True)
    return [name for name, server in reversed(SERVERS.values()) if server.stop(places)]


def _staying(checkout: Path) -> Path:
    """Its presence says that somebody started the services by hand."""
    return checkout / "var" / "services.staying"


def _is_last(users: TextIO) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _ours() -> list[Server]:
    return [server for variable, server in SERVERS.items() if not os.environ.get(variable)]


@contextmanager
def _lock(checkout: Path) -> Iterator[None]:
    (checkout / "var").mkdir(exist_ok=True)
    with (checkout / "var" / "services.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield

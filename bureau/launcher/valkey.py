"""Runs Valkey for one checkout, as Celery's broker: Unix socket only, append-only file, never evicting."""

from __future__ import annotations

import time
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bureau.kernel.errors import BusinessError
from bureau.launcher import binaries
from bureau.launcher.places import Places

PATIENCE = 20.0


def folder(places: Places) -> Path:
    return places.home / "valkey"


def ready(places: Places) -> bool:
    """Whether the server answers; one that still loads its file does not."""
    try:
        with _client(places) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start(places: Places) -> bool:
    """Start the server and return once it answers; False when it was running already."""
    if ready(places):
        return False
    program = binaries.valkey(places)
    places.account.own(folder(places))
    done = places.account.run(program, *_arguments(places), cwd=folder(places))
    deadline = time.monotonic() + PATIENCE
    while not ready(places):
        if done.returncode != 0 or time.monotonic() > deadline:
            raise BusinessError(
                "launcher.valkey_start", f"Valkey 启动失败，请看 {folder(places) / 'log'}。{done.stderr}"
            )
        time.sleep(0.05)
    return True


def stop(places: Places) -> bool:
    """Stop the server, with everything on disk; False when none was running."""
    if not ready(places):
        return False
    with _client(places) as client:
        client.shutdown()
    deadline = time.monotonic() + PATIENCE
    while ready(places) and time.monotonic() < deadline:
        time.sleep(0.05)
    return True


def _client(places: Places) -> redis.Redis:
    """One attempt a call: whether the server answers is the question here."""
    path = str(places.sockets / "valkey.sock")
    return redis.Redis(unix_socket_path=path, socket_timeout=5, retry=Retry(NoBackoff(), 0))


def _arguments(places: Places) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(places.sockets / "valkey.sock"),
        "unixsocketperm": "700",
        "dir": str(folder(places)),
        "logfile": str(folder(places) / "log"),
        "daemonize": "yes",
        "databases": "64",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]

"""Runs PostgreSQL for one checkout: Unix socket only, durable, and silent about values (decision 26)."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import psycopg

from bureau.kernel.errors import BusinessError
from bureau.launcher import binaries, roles
from bureau.launcher.places import Places

PATIENCE = 60.0
SETTINGS = """\
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = '256MB'
work_mem = '16MB'
max_wal_size = '2GB'
jit = off
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
lc_messages = 'C'
log_statement = 'none'
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
"""


def folder(places: Places) -> Path:
    return places.home / "postgres"


def ready(places: Places) -> bool:
    """Whether the server answers; asking it is the only test that a stale pid file cannot deceive."""
    try:
        roles.connect(places, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def start(places: Places) -> bool:
    """Start the server and return once it answers; False when it was running already."""
    if ready(places):
        return False
    programs = binaries.postgres(places)
    data = folder(places) / "data"
    if not data.exists():
        _initialize(places, programs)
    (data / "bureau.conf").write_text(SETTINGS.format(sockets=places.sockets), encoding="utf-8")
    (data / "bureau.conf").chmod(0o644)
    _wait_until_ready(places, programs)
    roles.prepare(places)
    return True


def stop(places: Places) -> bool:
    """Stop the server; False when none was running."""
    data = folder(places) / "data"
    if not _alive(data):
        return False
    done = _control(places, binaries.postgres(places), "stop", "--mode=fast", f"--timeout={PATIENCE:.0f}")
    if done.returncode != 0 and _alive(data):
        raise BusinessError("launcher.postgres_stop", f"PostgreSQL 没有停下来：{done.stderr.strip()}")
    return True


def _initialize(places: Places, programs: Path) -> None:
    """Make the cluster beside its final place, so that one killed half-way is never mistaken for a whole one."""
    draft = folder(places) / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    places.account.own(folder(places))
    arguments = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--data-checksums", f"--pgdata={draft}"]
    done = places.account.run(programs / "initdb", *arguments, *_locale(places, programs), cwd=folder(places))
    if done.returncode != 0:
        raise BusinessError("launcher.initdb", f"PostgreSQL 初始化失败：{done.stderr.strip() or done.stdout.strip()}")
    with (draft / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude = 'bureau.conf'\n")
    draft.rename(folder(places) / "data")


def _locale(places: Places, programs: Path) -> list[str]:
    """The same collation on every machine; PostgreSQL before 17 has no provider of its own."""
    version = places.account.run(programs / "postgres", "--version").stdout.split()[2]
    if int(version.split(".")[0]) >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C"]


def _wait_until_ready(places: Places, programs: Path) -> None:
    """Retry for a while: after kill -9 the old processes may linger, and hold the shared memory or the pid."""
    deadline = time.monotonic() + PATIENCE
    while True:
        _forget_the_dead(places)
        done = _control(places, programs, "start", f"--log={folder(places) / 'log'}", "--timeout=30")
        if ready(places):
            return
        if time.monotonic() > deadline:
            log = folder(places) / "log"
            raise BusinessError("launcher.postgres_start", f"PostgreSQL 启动失败，请看 {log}。{done.stderr.strip()}")
        time.sleep(0.3)


def _control(places: Places, programs: Path, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    data = folder(places) / "data"
    return places.account.run(
        programs / "pg_ctl", verb, f"--pgdata={data}", "--silent", "--wait", *arguments, cwd=folder(places)
    )


def _forget_the_dead(places: Places) -> None:
    """Remove a pid file whose number now belongs to nobody or to another program, and the socket's lock likewise."""
    data = folder(places) / "data"
    if not _alive(data):
        (data / "postmaster.pid").unlink(missing_ok=True)
        (places.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)


def _alive(data: Path) -> bool:
    """Whether the pid file names a living server of this very cluster (a zombie has no command line any more)."""
    try:
        pid = int((data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
    except (OSError, ValueError, IndexError):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    if Path("/proc/self/cmdline").exists():
        return command.exists() and os.fsencode(data) in command.read_bytes()
    listed = subprocess.run(["/bin/ps", "-p", str(pid), "-o", "args="], capture_output=True, text=True, check=False)
    return str(data) in listed.stdout

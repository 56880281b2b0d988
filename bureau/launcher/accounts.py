"""Which account runs the servers: we ourselves, or for root an unprivileged account, since PostgreSQL refuses root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bureau.kernel.errors import BusinessError

PREFERRED = ("postgres", "nobody", "daemon", "www-data")
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Account:
    """An entry of the password file, or ourselves when `name` is empty."""

    name: str = ""

    @property
    def switching(self) -> dict[str, Any]:
        """Arguments of `subprocess` that make a child run as this account, with nobody else's groups."""
        if not self.name:
            return {}
        entry = pwd.getpwnam(self.name)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}

    def run(
        self, *command: str | Path, cwd: Path = Path("/"), timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a session of its own, so that our Ctrl-C does not reach what it leaves behind."""
        return subprocess.run(
            [str(part) for part in command],
            cwd=cwd,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout,
            check=False,
            start_new_session=True,
            **self.switching,
        )

    def can_run(self, *command: str | Path) -> bool:
        """Whether this account can execute the command with success."""
        try:
            return self.run(*command).returncode == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can pass through a folder and all above it; tried and not computed, since ACLs exist."""
        return self.can_run("/bin/sh", "-c", 'test -x "$0"', folder)

    def own(self, folder: Path) -> Path:
        """Make a private folder that belongs to this account."""
        folder.mkdir(parents=True, exist_ok=True)
        if self.name:
            entry = pwd.getpwnam(self.name)
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        folder.chmod(0o700)
        return folder


def choose(checkout: Path) -> Account:
    """Ourselves; for root the checkout's owner or the first account of `PREFERRED` that can be switched to."""
    if os.geteuid() != 0:
        return Account()
    owner = checkout.stat().st_uid
    names = [entry.pw_name for entry in pwd.getpwall() if entry.pw_uid == owner and owner != 0]
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in [*names, *(name for name in PREFERRED if name in known)]:
        if Account(name).can_run("/bin/sh", "-c", "exit 0"):
            return Account(name)
    raise BusinessError(
        "launcher.no_account", "以 root 运行时需要一个可切换的普通账户（如 nobody）来运行 PostgreSQL，本机没有找到。"
    )

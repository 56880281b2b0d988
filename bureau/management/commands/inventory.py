"""`manage.py inventory`: every library of the lock as a CycloneDX list; `--lock`: the part that production installs.

What production needs follows from `[project] dependencies` by what the installed libraries ask for; everything else in
the lock is for tests, for checks and for the demo's own servers.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

# `name[extra,extra]>=1 ; marker`
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9._-]+)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")


class Library(NamedTuple):
    """A library of the lock: its version and its lines there, hashes included."""

    name: str
    version: str
    lines: str


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked(text: str) -> dict[str, Library]:
    """The libraries of a lock by name."""
    found = re.findall(r"^(([A-Za-z0-9._-]+)==(\S+) \\\n(?:    --hash=\S+(?: \\)?\n)+)", text, re.MULTILINE)
    return {normal(name): Library(normal(name), version, lines) for lines, name, version in found}


def needed(wanted: Iterable[str], lock: dict[str, Library]) -> set[str]:
    """The names that these requirements lead to, within the lock."""
    found: set[tuple[str, frozenset[str]]] = set()
    waiting = [one for text in wanted for one in _named(text, frozenset())]
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) in found or name not in lock:
            continue
        found.add((name, extras))
        waiting += [one for text in _asked_by(name) for one in _named(text, extras)]
    return {name for name, _ in found}


def _asked_by(name: str) -> list[str]:
    try:
        return metadata(name).get_all("Requires-Dist") or []
    except PackageNotFoundError:
        # Locked for another Python or system than this one.
        return []


def _named(text: str, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    match = _REQUIREMENT.match(text)
    if match is None:
        return
    name, more, marker = match.groups()
    of_extra = _EXTRA.search(marker or "")
    if of_extra is None or of_extra[1] in extras:
        yield normal(name), frozenset(part.strip() for part in (more or "").split(",") if part.strip())


def described(library: Library, *, is_needed: bool) -> dict[str, Any]:
    """A component as CycloneDX writes it."""
    try:
        about = metadata(library.name)
        license_ = _first(about, "License-Expression") or _classified(about) or _first(about, "License").split("\n")[0]
    except PackageNotFoundError:
        license_ = ""
    return {
        "type": "library",
        "name": library.name,
        "version": library.version,
        "purl": f"pkg:pypi/{library.name}@{library.version}",
        "scope": "required" if is_needed else "excluded",
        **({"licenses": [{"license": {"name": license_}}]} if license_ else {}),
    }


def _first(about: PackageMetadata, name: str) -> str:
    return (about.get_all(name) or [""])[0]


def _classified(about: PackageMetadata) -> str:
    kinds = [one.split(" :: ") for one in about.get_all("Classifier") or []]
    return " OR ".join(kind[-1] for kind in kinds if kind[0] == "License" and len(kind) > 2)


class Command(BaseCommand):
    """Needs no database and runs no checks."""

    help = "列出全部第三方组件（CycloneDX），或生产环境应安装的部分（--lock）。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lock", action="store_true", help="输出生产环境的 requirements，带哈希")

    def handle(self, *args: Any, lock: bool, **options: Any) -> None:
        project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        libraries = locked((settings.BASE_DIR / "requirements.lock").read_text(encoding="utf-8"))
        runtime = needed(project["dependencies"], libraries)
        if lock:
            self.stdout.write("".join(libraries[name].lines for name in sorted(runtime)), ending="")
            return
        listed = {
            "bomFormat": "CycloneDX",
            "specVersion": "1.6",
            "version": 1,
            "metadata": {
                "component": {"type": "application", "name": project["name"], "version": project["version"]},
            },
            "components": [
                described(library, is_needed=library.name in runtime) for library in sorted(libraries.values())
            ],
        }
        self.stdout.write(json.dumps(listed, ensure_ascii=False, indent=1))

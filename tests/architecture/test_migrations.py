"""Migrations outlive the code around them, so they stand alone and say what they do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.architecture.test_purity import APPS
from tests.conftest import CHECKOUT

MIGRATIONS = sorted(
    path for app in APPS for path in (CHECKOUT / app).rglob("migrations/*.py") if path.name != "__init__.py"
)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MIGRATIONS, ids=lambda path: str(path.relative_to(CHECKOUT)))
class TestEachMigration:
    def test_imports_no_code_of_the_apps_but_fields(self, path: Path) -> None:
        own = {name for name in imported(path) if name.partition(".")[0] in APPS}
        assert {name for name in own if not f"{name}.".startswith("bureau.fields.")} == set()

    def test_is_named_after_what_it_does(self, path: Path) -> None:
        assert re.fullmatch(r"\d{4}_[a-z][a-z_0-9]+", path.stem)
        assert not re.search(r"_auto_|_and_more$", path.stem)


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

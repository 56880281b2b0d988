"""Services, databases and roles for the tests; every fixture here stands for something real."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import ProgrammingError, connection
from django.test.utils import setup_databases, teardown_databases
from pytest_django import DjangoDbBlocker

from bureau import walls
from bureau.launcher import binaries, services
from bureau.launcher.places import locate
from tests.browser import chromium as chromium
from tests.browser import portal as portal

CHECKOUT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def running_services() -> Iterator[None]:
    """PostgreSQL and Valkey answer: those of the environment, else this checkout's own, stopped by the last user."""
    with services.using(CHECKOUT):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(running_services: None, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Tests without a database start no server; the first one with a database does."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for the browser carries its mark."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: DjangoDbBlocker,
    django_db_keepdb: bool,
    django_db_createdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """The test database, also where only throwaway clones of it are used: pytest-django looks for `db` alone.

    Tests arrange and look as the system; what a person sees is tested inside `walls.as_staff` or by a request.
    """
    verbosity = request.config.option.verbose
    keep = django_db_keepdb and not django_db_createdb
    with walls.as_system():
        with django_db_blocker.unblock():
            former = setup_databases(verbosity=verbosity, interactive=False, aliases={"default"}, keepdb=keep)
        yield
        if not django_db_keepdb:
            with django_db_blocker.unblock():
                teardown_databases(former, verbosity=verbosity)
        connection.close()


@pytest.fixture
def as_application(db: None) -> None:
    """From here on this test speaks to the database as the application role; the rollback at its end takes it back."""
    role = settings.APPLICATION_DATABASE["USER"]
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')


@dataclass(frozen=True)
class ThrowawayDatabase:
    """A database of one test; `environment` lets a process started by the test work in it as the application."""

    name: str
    environment: dict[str, str]


@pytest.fixture
def throwaway_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ThrowawayDatabase]:
    """A clone of the migrated test database, where commits are real: for append-only tables, threads and processes.

    Not together with `db`. The template stays as the migrations left it.
    """
    template = str(connection.settings_dict["NAME"])
    name = f"{template}_{uuid4().hex[:8]}"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = name
        try:
            yield ThrowawayDatabase(name, _environment(name))
        finally:
            connection.close()
            connection.settings_dict["NAME"] = template
            drop_database(name)


def drop_database(name: str) -> None:
    """Whoever is still in it goes; only the server's own cleaning, whom nobody sends away, is waited for."""
    for attempt in range(60):
        try:
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        except ProgrammingError:
            if attempt == 59:
                raise
            time.sleep(0.5)
        else:
            return


def server_tool(name: str, *arguments: str, role: str) -> bytes:
    """What a program that comes with the server prints, `pg_dump` say, as one of the server's roles."""
    database = connection.settings_dict
    place = ("--host", database["HOST"], "--port", str(database["PORT"] or 5432), "--username", role)
    return subprocess.run(
        [str(binaries.postgres(locate(CHECKOUT)) / name), *place, *arguments],
        env={**os.environ, "PGPASSWORD": database["PASSWORD"]},
        capture_output=True,
        check=True,
    ).stdout


def _environment(database: str) -> dict[str, str]:
    owner = settings.DATABASES["default"]
    application = settings.APPLICATION_DATABASE
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bureau.settings.local",
        "DATABASE_URL": _address(application, database),
        "DATABASE_OWNER_URL": _address(owner, database),
        "REDIS_URL": settings.REDIS_URL,
    }


def _address(database: dict[str, str], name: str) -> str:
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    secret = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    return f"postgresql://{database['USER']}{secret}@/{name}?host={database['HOST']}{port}"

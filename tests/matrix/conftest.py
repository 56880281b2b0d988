"""One city for all tests of the matrix: built once in a database of its own, asked as the application's role."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from pytest_django import DjangoDbBlocker

from bureau.organization.terms import Duty
from tests.conftest import drop_database
from tests.factories import people
from tests.matrix import city as cities
from tests.matrix.city import City
from tests.matrix.visits import Guests


@contextmanager
def _speaking(name: str, user: str) -> Iterator[None]:
    """The connection of this process, to another database or as another role."""
    former = {key: connection.settings_dict[key] for key in ("NAME", "USER")}
    connection.close()
    connection.settings_dict.update(NAME=name, USER=user)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(former)


@pytest.fixture(scope="session")
def built_city(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, City]]:
    """The database's name, and what is in it."""
    template, owner = str(connection.settings_dict["NAME"]), str(connection.settings_dict["USER"])
    name = f"{template}_matrix"
    with django_db_blocker.unblock():
        connection.close()
        drop_database(name)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        with _speaking(name, settings.APPLICATION_DATABASE["USER"]):
            built = cities.build()
        with _speaking(name, owner):
            cities.plant()
            # Nobody holds duties that must stay apart; only the owner can make somebody who does.
            for place in cities.PLACES:
                people.a_clerk(f"everything-{place}", *Duty, area_code=cities.PLACES[place])
        with _speaking(name, settings.APPLICATION_DATABASE["USER"]):
            cities.compare_again()
            cities.read(built)
    yield name, built
    with django_db_blocker.unblock():
        connection.close()
        drop_database(name)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of refusals need no lines."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def city(built_city: tuple[str, City], django_db_blocker: DjangoDbBlocker) -> Iterator[City]:
    """The test speaks to the city's database; every request is taken back, so the next test finds it as it was."""
    name, built = built_city
    with django_db_blocker.unblock(), _speaking(name, settings.APPLICATION_DATABASE["USER"]):
        yield built
        cache.clear()


@pytest.fixture
def guests(city: City) -> Guests:
    """Those who ask: whoever is wanted, by duty and place."""
    return Guests(city)

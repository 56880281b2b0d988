"""Addresses become settings in one place."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from bureau.settings import env


def test_an_address_with_host_and_password() -> None:
    found = env.database("postgresql://portal:p%40ss@db.example:6432/city?sslmode=require")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "portal",
        "p@ss",
        "db.example",
        "6432",
        "city",
    )
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_an_address_by_socket_folder() -> None:
    found = env.database("postgresql://portal@/city?host=/run/portal")
    assert (found["HOST"], found["PORT"]) == ("/run/portal", "")


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://"):
        env.database("mysql://portal@db.example/city")


@pytest.mark.parametrize(
    ("address", "moved"),
    [
        ("redis://broker:6379/0", "redis://broker:6379/3"),
        ("redis+socket:///run/valkey.sock?virtual_host=0", "redis+socket:///run/valkey.sock?virtual_host=3"),
    ],
)
def test_another_numbered_database_of_the_same_broker(address: str, moved: str) -> None:
    assert env.broker(address, 3) == moved

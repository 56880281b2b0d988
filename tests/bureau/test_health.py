"""What a load balancer asks, before anybody has signed in."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from celery import current_app
from django.db import connection
from django.test import Client


def test_alive_without_a_database(client: Client) -> None:
    connection.close()

    response = client.get("/healthz")

    assert connection.connection is None
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_ready_when_database_and_broker_answer(client: Client) -> None:
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_names_the_broker_that_does_not_answer(client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", f"redis+socket://{tmp_path}/nobody.sock")
    began = time.monotonic()

    response = client.get("/readyz")

    assert (response.status_code, response.content) == (503, b"broker: no answer\n")
    assert time.monotonic() - began < 5


def test_names_the_database_that_does_not_answer(
    client: Client, django_db_blocker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, running_services: None
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", str(tmp_path))
    with django_db_blocker.unblock():
        connection.close()
        response = client.get("/readyz")
        connection.close()

    assert (response.status_code, response.content) == (503, b"database: no answer\n")

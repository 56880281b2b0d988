"""A May with two hospitals, each with a key."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bureau.organization.services import institution_keys
from institutions.models import Institution
from tests.claims.views.conftest import May, a_may


class Caller:
    """The system of one institution."""

    def __init__(self, text: str) -> None:
        self.text, self.client = text, Client()

    def get(self, address: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{address}", query, headers={"Authorization": f"Bearer {self.text}"})

    def post(self, address: str, body: Any, *, once: str = "key-00000001") -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = {"Authorization": f"Bearer {self.text}", "Idempotency-Key": once}
        return self.client.post(f"/api/v1/{address}", content, content_type="application/json", headers=headers)


def a_caller(institution: Institution) -> Caller:
    issued = institution_keys.issue(institution_code=institution.code, area_code=institution.area_id, by=None)
    return Caller(issued.text)


@pytest.fixture
def may() -> May:
    return a_may()


@pytest.fixture
def first(may: May) -> Caller:
    return a_caller(may.first)


@pytest.fixture
def second(may: May) -> Caller:
    return a_caller(may.second)

"""How often one may search and take files out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bureau.console import limits
from bureau.organization.models import Tally
from bureau.organization.terms import Duty
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three instead of a hundred and twenty."""
    few = replace(limits.SEARCH, most=3)
    monkeypatch.setitem(limits._SENT, "portal:search", few)
    monkeypatch.setattr(limits, "SEARCH", few)
    monkeypatch.setitem(limits._SENT, "portal:export", replace(limits.DOWNLOAD, most=3))


def test_the_fourth_search_is_refused_in_chinese_with_a_time(client: Client) -> None:
    client.force_login(a_clerk("clerk-curious", Duty.COUNTER))

    answers = [client.post("/search/", {"q": "张"}) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "短时间内查询次数过多" in answers[-1].content.decode()
    assert "10 分钟后再试" in answers[-1].content.decode()
    assert 0 < int(answers[-1]["Retry-After"]) <= 600


def test_everybody_has_a_count_of_his_own(client: Client) -> None:
    client.force_login(a_clerk("clerk-curious", Duty.COUNTER))
    for _ in range(4):
        client.post("/search/", {"q": "张"})
    client.force_login(a_clerk("clerk-quiet", Duty.COUNTER))
    assert client.post("/search/", {"q": "张"}).status_code == 200


def test_the_count_ends(client: Client) -> None:
    client.force_login(a_clerk("clerk-curious", Duty.COUNTER))
    for _ in range(4):
        client.post("/search/", {"q": "张"})
    Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.post("/search/", {"q": "张"}).status_code == 200


def test_searching_a_table_counts_as_searching_and_leafing_does_not(client: Client) -> None:
    client.force_login(a_clerk("clerk-curious", Duty.COUNTER))
    table = "/admin/institutions/institution/"
    assert [client.get(table).status_code for _ in range(5)] == [200] * 5
    assert [client.get(table, {"q": "院"}).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_downloads_are_limited(client: Client) -> None:
    client.force_login(a_clerk("clerk-taking", Duty.REVIEW_FIRST))
    address, sent = reverse("portal:export", args=["refused-rows"]), {"format": "csv", "reason": "交机构更正"}
    assert [client.post(address, sent).status_code for _ in range(4)] == [200, 200, 200, 429]

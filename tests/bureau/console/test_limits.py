"""How often one may search and take files out."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from bureau.console import api, limits
from bureau.console.exports import page as export_page
from bureau.kernel.sheets import limits as sizes
from bureau.organization.models import Tally
from bureau.organization.terms import Duty
from bureau.policy.rules import source
from bureau.policy.services import drafts
from claims.api import MOST_CLAIMS
from claims.forms.tryout import MOST_ROWS
from tests.conftest import CHECKOUT
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db

UPLOADS = {"claims:intake": Duty.REVIEW_FIRST, "relief:roster_upload": Duty.RELIEF}
# What takes much work for one click; docs/limits.md tells how much.
COSTLY = {
    "claims:tryout": Duty.COUNTER,
    "claims:settlement_start": Duty.FINANCE,
    "claims:settlement_retry": Duty.FINANCE,
    "relief:roster_compare": Duty.RELIEF,
    "policy:document_check": Duty.POLICY,
    "policy:document": Duty.POLICY,
    "simulation:new": Duty.POLICY,
    "simulation:resume": Duty.POLICY,
}
OF_ADDRESS = {"month": "2023-05", "batch_id": 1, "release_id": 1, "name": "x", "simulation_id": 1}


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three instead of a hundred and twenty."""
    few = replace(limits.SEARCH, most=3)
    monkeypatch.setitem(limits._SENT, "portal:search", few)
    monkeypatch.setattr(limits, "SEARCH", few)
    for door in (*UPLOADS, *COSTLY, "portal:export"):
        monkeypatch.setitem(limits._SENT, door, replace(limits._SENT[door], most=3))


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


@pytest.mark.parametrize("door", [*UPLOADS, *COSTLY])
def test_files_in_and_what_takes_much_work_are_limited(client: Client, door: str) -> None:
    client.force_login(a_clerk("clerk-busy", (UPLOADS | COSTLY)[door]))
    app, _, name = door.partition(":")
    patterns = {pattern.name: pattern for pattern in get_resolver().namespace_dict[app][1].url_patterns}
    address = reverse(door, kwargs={key: OF_ADDRESS[key] for key in patterns[name].pattern.converters})

    answers = [client.post(address) for _ in range(4)]

    assert [answer.status_code == 429 for answer in answers] == [False, False, False, True]
    assert answers[-1]["Retry-After"]


def test_every_form_that_takes_a_file_is_limited() -> None:
    """Two templates have such a form; a third must be counted too."""
    forms = [
        path.name for path in (CHECKOUT / "templates").rglob("*.html") if "multipart/form-data" in path.read_text()
    ]
    assert len(forms) == len(UPLOADS) == 2


@pytest.mark.parametrize(
    ("row", "figures"),
    [
        ("whole ID numbers shown", [settings.REVEALS_PER_HOUR]),
        ("searches by whole ID number", [settings.ID_SEARCHES_PER_HOUR, settings.ID_MISSES_PER_DAY]),
        ("searches", [120]),
        ("suggestions while typing", [limits.SUGGEST.most]),
        ("files out", [limits.DOWNLOAD.most, export_page.MOST_ROWS]),
        ("files in", [limits.UPLOAD.most]),
        ("try-outs, starting or retrying a month, comparing a roster anew", [limits.COMPUTE.most, MOST_ROWS]),
        ("checks of a draft while typing", [limits.CHECK.most, drafts.MOST_FILES, drafts.LONGEST, source.DEEPEST]),
        ("simulations", [limits.SIMULATE.most]),
        ("calls of an institution", [api.CALLS.most, MOST_CLAIMS, api.WRONG_KEYS.most]),
        ("size", [sizes.MAX_BYTES // 1024**2]),
        ("unpacked", [sizes.MAX_UNPACKED // 1024**2, sizes.MAX_MEMBERS]),
        ("cells", [sizes.MAX_ROWS, sizes.MAX_COLUMNS, sizes.MAX_AREA, sizes.MAX_TEXT // 1024**2]),
    ],
)
def test_the_page_names_the_figures_of_the_code(row: str, figures: list[int]) -> None:
    page = (CHECKOUT / "docs" / "limits.md").read_text(encoding="utf-8")
    (line,) = [line for line in page.splitlines() if line.startswith(f"| {row} |")]
    assert [figure for figure in figures if not re.search(rf"(?<![\d,]){figure:,}(?![\d,])", line)] == []

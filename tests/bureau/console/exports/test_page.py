"""The page of exports: whose rows, which filters, why, how often; and nothing leaves unwritten."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bureau.console import limits
from bureau.console.exports import page, resources
from bureau.kernel.identity import mask_id
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.claims.views.conftest import May, a_may
from tests.factories import people

pytestmark = pytest.mark.django_db

WHY = {"format": "csv", "reason": "报送市局核对"}
CLAIMS = "/exports/claims/"


@pytest.fixture
def may() -> May:
    return a_may()


@pytest.fixture
def signed_in() -> Callable[[Staff], Client]:
    def enter(by: Staff) -> Client:
        client = Client()
        client.force_login(by)
        return client

    return enter


def rows_of(answer: Any) -> list[dict[str, str]]:
    """The rows of a csv without its last line, the mark."""
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:-1]]


def everywhere() -> list[str]:
    """The address of every export there is."""
    tables = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_export") for model in admin.site._registry
    ]
    return [*tables, *(reverse("portal:export", args=[name]) for name in resources.known())]


def test_the_page_says_what_and_how_many(may: May, signed_in) -> None:
    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    shown = client.get(CLAIMS, {"care": "outpatient"}).content.decode()
    assert "导出费用单据 1 行。" in shown
    assert "医疗类别：" in shown
    assert "不能导出完整号码" in shown


def test_the_rows_are_those_of_the_list_for_this_person_and_no_others(may: May, signed_in) -> None:
    """Youxian insures the worker and the poor resident; the stranger is Jiangyou's."""
    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    assert [row["单据号"] for row in rows_of(client.post(CLAIMS, WHY))] == ["ZY-1", "MZ-1"]

    inpatient = rows_of(client.post(f"{CLAIMS}?care=inpatient", WHY))
    assert [(row["单据号"], row["医疗费总额"], row["统筹基金支付"], row["个人负担"]) for row in inpatient] == [
        ("ZY-1", "60000.00", "44700.00", "3069.00")
    ]
    other = signed_in(people.a_clerk("reader-2", Duty.REVIEW_FIRST, area_code=people.JIANGYOU))
    assert [row["单据号"] for row in rows_of(other.post(CLAIMS, WHY))] == ["MZ-9"]


def test_a_table_leaves_as_it_is_shown_masked_filtered_and_sorted(may: May, signed_in) -> None:
    client = signed_in(people.a_clerk("counter-1", Duty.COUNTER))
    table = "/admin/enrollment/enrollment/"
    assert f'href="{table}export/?scheme=resident"' in client.get(f"{table}?scheme=resident").content.decode()

    found = rows_of(client.post(f"{table}export/?scheme=resident", WHY))
    assert [(row["参保人"], row["身份证号"], row["险种"]) for row in found] == [
        (may.poor.name, mask_id(may.poor.id_number), "居民医保")
    ]
    assert may.poor.id_number not in client.post(f"{table}export/", WHY).content.decode()


def test_money_of_a_table_is_a_number(may: May, signed_in) -> None:
    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    answer = client.post("/admin/claims/claim/export/?care=inpatient", {**WHY, "format": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    row = {title.value: cell for title, cell in zip(sheet[2], sheet[3], strict=True)}
    assert (row["医疗费总额"].value, row["医疗费总额"].data_type) == (60000, "n")
    assert row["状态"].value == "已核算"


def test_it_is_written_down_before_it_leaves(may: May, signed_in) -> None:
    by = people.a_clerk("reader-1", Duty.REVIEW_FIRST)
    answer = signed_in(by).post(f"{CLAIMS}?care=inpatient", WHY)

    line = ActionLog.objects.get(action="portal.exported")
    assert line.by == by
    assert line.detail == {"rows": 1, "format": "csv", "filters": "医疗类别：住院"}
    assert line.summary == f"导出费用单据 1 行，编号 {line.subject_key}，原因：报送市局核对"
    # The number of the log is in every row, and in the name of the file, which names nobody.
    assert [row["导出编号"] for row in rows_of(answer)] == [line.subject_key]
    assert line.subject_key in answer["Content-Disposition"]
    assert f"{by.full_name} {by.username}" in answer.content.decode()


def test_where_the_log_fails_nothing_leaves(may: May, signed_in, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError("no log")

    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    monkeypatch.setattr(page.actions, "record", broken)
    with pytest.raises(RuntimeError, match="no log"):
        client.post(CLAIMS, WHY)


@pytest.mark.parametrize("reason", ["", "   ", "三个字", " 三个字 "])
def test_without_a_reason_nothing_leaves(may: May, signed_in, reason: str) -> None:
    answer = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST)).post(CLAIMS, {**WHY, "reason": reason})
    assert answer.status_code == 422
    assert "导出原因" in answer.content.decode()
    assert not ActionLog.objects.filter(action="portal.exported").exists()


def test_too_many_rows_ask_for_a_filter(may: May, signed_in, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 1)
    answer = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST)).post(CLAIMS, WHY)
    assert answer.status_code == 422
    assert "一次最多导出 1 行，现有 2 行" in answer.content.decode()


def test_every_export_is_refused_to_who_may_not_see_the_list(signed_in) -> None:
    client = signed_in(people.a_clerk("nobody-1"))
    for address in everywhere():
        assert client.get(address).status_code == 403, address
        assert client.post(address, WHY).status_code == 403, address
    anonymous = Client()
    assert {anonymous.post(address, WHY).status_code for address in everywhere()} == {302}


def test_what_the_library_would_open_is_not_there(may: May, signed_in) -> None:
    """Its default doors let anybody export all and overwrite any row; here none leads anywhere, whoever knocks."""
    for client in (
        signed_in(people.a_clerk("nobody-1")),
        signed_in(people.a_clerk("counter-1", *Duty, area_code="510700")),
    ):
        for model in admin.site._registry:
            base = f"/admin/{model._meta.app_label}/{model._meta.model_name}"
            for door in ("import/", "process_import/", "import/process/"):
                for answer in (client.get(f"{base}/{door}", follow=True), client.post(f"{base}/{door}", follow=True)):
                    assert answer.status_code in (403, 404) or "portal:home" in answer.resolver_match.view_name


def test_nothing_comes_in_by_a_resource() -> None:
    for kind in resources.known().values():
        with pytest.raises(NotImplementedError):
            kind().import_data(None)
        with pytest.raises(NotImplementedError):
            kind().import_row({}, None)


def test_exports_are_counted(may: May, signed_in, monkeypatch: pytest.MonkeyPatch) -> None:
    few = replace(limits.DOWNLOAD, most=2)
    monkeypatch.setattr(limits, "DOWNLOAD", few)
    monkeypatch.setitem(limits._SENT, "portal:export", few)
    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    assert [client.post(CLAIMS, WHY).status_code for _ in range(2)] == [200, 200]
    assert client.post("/admin/claims/claim/export/", WHY).status_code == 429


def test_every_export_gives_a_file(may: May, signed_in) -> None:
    """Whoever may see every list takes every list out; the ID numbers of the city are in none of them."""
    everyone = people.a_clerk("all-duties", *Duty, area_code="510700")
    client = signed_in(everyone)
    numbers = [person.id_number for person in (may.worker, may.poor, may.stranger)]
    for address in everywhere():
        if "roster-rows" in address:
            continue
        answer = client.post(address, WHY)
        assert answer.status_code == 200, address
        assert answer["Content-Disposition"].startswith("attachment"), address
        assert not any(number in answer.content.decode() for number in numbers), address
    names = {resource.name for resource in resources.known().values()}
    assert names == {
        "claims",
        "refused-rows",
        "statements",
        "differences",
        "problems",
        "entries",
        "payment-orders",
        "people",
        "roster-rows",
    }


def test_a_chunk_costs_the_same_however_many(may: May, signed_in, django_assert_max_num_queries) -> None:
    client = signed_in(people.a_clerk("reader-1", Duty.REVIEW_FIRST))
    with django_assert_max_num_queries(16):
        client.post(CLAIMS, WHY)

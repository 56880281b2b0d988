"""Claim files at the desk: handing in, what became of the rows, the refused ones as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ImportBatch
from claims.models import Claim, ClaimRow
from tests.claims.views.conftest import May
from tests.factories import month, people

pytestmark = pytest.mark.django_db
Enter = Callable[[Staff], Client]


def handed_in(client: Client, content: bytes, **fields: str) -> object:
    form = {"institution": "h51070400001", "month": "2023-05", **fields}
    return client.post("/claims/files/new/", {**form, "file": SimpleUploadedFile("may.csv", content)}, follow=True)


def test_a_file_is_taken_in_and_its_page_opens(may: May, reviewer: Staff, signed_in: Enter) -> None:
    content = month.a_claim_file(month.Bill("N-1", may.worker, "50.00"), month.Bill("N-2", may.worker, "x"))

    answer = handed_in(signed_in(reviewer), content)

    page = answer.content.decode()  # type: ignore[attr-defined]
    assert "已受理 1 张单据，退回 1 行。" in page
    assert "N-2" in page
    assert Claim.objects.filter(number="N-1").exists()


def test_the_same_file_again_changes_nothing(may: May, reviewer: Staff, signed_in: Enter) -> None:
    content = month.a_claim_file(month.Bill("N-1", may.worker, "50.00"))
    client = signed_in(reviewer)
    handed_in(client, content)

    page = handed_in(client, content).content.decode()  # type: ignore[attr-defined]

    assert "没有重复受理" in page
    assert Claim.objects.filter(number="N-1").count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"month": "2023-5"}, "不是月份"),
        ({"institution": "H00000000000"}, "没有编码为"),
        ({"institution": "H51078100002"}, "不在"),
    ],
)
def test_what_cannot_be_taken_in_is_said_beside_the_form(
    may: May, reviewer: Staff, signed_in: Enter, fields: dict[str, str], sentence: str
) -> None:
    before = ImportBatch.objects.count()

    page = handed_in(signed_in(reviewer), b"x", **fields).content.decode()  # type: ignore[attr-defined]

    assert "error-summary" in page
    assert sentence in page
    assert ImportBatch.objects.count() == before


def test_a_file_under_a_false_name_comes_back(may: May, reviewer: Staff, signed_in: Enter) -> None:
    before = ImportBatch.objects.count()
    page = handed_in(signed_in(reviewer), b"PK\x03\x04").content.decode()  # type: ignore[attr-defined]
    assert "文件名以 .csv 结尾，内容却不是这种文件" in page
    assert ImportBatch.objects.count() == before


def test_refused_rows_leave_as_text_that_no_spreadsheet_computes(may: May, reviewer: Staff, signed_in: Enter) -> None:
    ClaimRow.objects.filter(number="MZ-2").update(raw={"备注": "=1+1", "姓名": "@SUM(A1)"})
    batch = ImportBatch.objects.get(source="H51070400001")

    client, address = signed_in(reviewer), f"/claims/files/{batch.pk}/refused.csv"
    assert "退回的 1 行" in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not ActionLog.objects.filter(action="claims.refused.downloaded").exists()
    answer = client.post(address, {"reason": "交机构更正"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][:5] == ["行号", "单据号", "列", "问题", "说明"]
    assert {"'=1+1", "'@SUM(A1)"} <= set(rows[1])
    assert "attachment" in answer["Content-Disposition"]
    logged = ActionLog.objects.get(action="claims.refused.downloaded")
    assert logged.summary.endswith("1 行（证件号只含部分），原因：交机构更正")


def test_a_county_does_not_open_files_of_another(may: May, reviewer: Staff, signed_in: Enter) -> None:
    other = ImportBatch.objects.get(source="H51078100002")
    client = signed_in(reviewer)

    assert client.get(f"/claims/files/{other.pk}/").status_code == 404
    assert client.get(f"/claims/files/{other.pk}/refused.csv").status_code == 404
    assert "H51078100002" not in client.get("/claims/files/").content.decode()


def test_the_list_of_files_takes_at_most_ten_queries(may: May, signed_in: Enter) -> None:
    client = signed_in(month.an_accountant())
    client.get("/claims/files/")

    with CaptureQueriesContext(connection) as taken:
        assert "第 " in client.get("/claims/files/").content.decode()

    assert len(taken) <= 10


def test_an_auditor_reads_and_does_not_hand_in(may: May, signed_in: Enter) -> None:
    client = signed_in(people.a_clerk("audit", Duty.AUDIT, area_code="510700"))

    assert "受理申报文件" not in client.get("/claims/files/").content.decode()
    assert client.get("/claims/files/new/").status_code == 403

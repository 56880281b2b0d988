"""The institutions' interface: own rows alone, every deed once, every call written down."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bureau import walls
from bureau.console import api
from bureau.organization.models import InstitutionCall, InstitutionKey
from bureau.organization.services import institution_keys
from bureau.trail.models import ImportBatch
from claims.models import Adjudication, Claim, ClaimRow, Settlement, SettlementLine, SettlementRun
from enrollment.models import Person
from institutions.models import Agreement, Institution
from tests.claims.api.conftest import Caller, a_caller
from tests.claims.views.conftest import May
from tests.factories import month

pytestmark = pytest.mark.django_db

ABSENT = {"code": "api.absent", "message": "没有这个对象，或它不属于本机构。", "where": ""}


def a_claim(may: May, number: str = "MZ-77", **changed: Any) -> dict[str, Any]:
    person = may.worker
    return {
        "number": number,
        "id_number": person.id_number,
        "name": person.name,
        "service_date": "2023-05-11",
        "care": "outpatient",
        "total": "100.00",
        **changed,
    }


def test_its_own_data_with_the_agreement_of_a_day(first: Caller, may: May) -> None:
    shown = first.get("institution", on="2023-05-01").json()
    assert (shown["code"], shown["area"], shown["on"]) == ("H51070400001", "510704", "2023-05-01")
    assert shown["agreement"]["stage"] == "协议有效"
    assert first.get("institution", on="2022-12-31").json()["agreement"] is None


def test_a_claim_file_is_judged_as_at_the_counter(first: Caller, may: May) -> None:
    body = {"month": "2023-05", "claims": [a_claim(may), a_claim(may, "MZ-78", name="别人")]}
    answer = first.post("claim-files", body)

    assert answer.status_code == 201
    taken = answer.json()
    assert {name: taken[name] for name in ("rows", "accepted", "refused", "recognized")} == {
        "rows": 2,
        "accepted": 1,
        "refused": 1,
        "recognized": False,
    }
    batch = ImportBatch.objects.get(pk=taken["id"])
    assert (batch.opened_by, batch.source) == (None, "H51070400001")
    claim = Claim.objects.get(number="MZ-77")
    assert (claim.total, claim.person, claim.institution) == (10_000, may.worker, may.first)

    shown = first.get(f"claim-files/{taken['id']}").json()
    assert [(row["line"], row["number"], row["column"]) for row in shown["refused_rows"]] == [(3, "MZ-78", "姓名")]
    assert shown["refused_rows"][0]["message"]


def test_the_same_key_or_the_same_content_has_no_second_effect(first: Caller, may: May) -> None:
    body = {"month": "2023-05", "claims": [a_claim(may)]}
    made = first.post("claim-files", body, once="once-aaaa")
    again = first.post("claim-files", body, once="once-aaaa")
    other_key = first.post("claim-files", body, once="once-bbbb")

    assert [answer.status_code for answer in (made, again, other_key)] == [201, 200, 200]
    assert made.json()["id"] == again.json()["id"] == other_key.json()["id"]
    assert Claim.objects.filter(number="MZ-77").count() == 1

    changed = first.post("claim-files", {"month": "2023-05", "claims": [a_claim(may, "MZ-80")]}, once="once-aaaa")
    assert (changed.status_code, changed.json()["code"]) == (409, "api.key_reused")
    assert not Claim.objects.filter(number="MZ-80").exists()


def test_results_with_their_steps_and_no_name(first: Caller, second: Caller, may: May) -> None:
    """60,000.00 inpatient: 44,700.00 pooled, 5,070.00 major illness, 7,161.00 assistance, 3,069.00 own."""
    answer = second.get("claims", month="2023-05")
    claims = {claim["number"]: claim for claim in answer.json()["claims"]}
    assert set(claims) == {"ZY-1", "MZ-9"}
    result = claims["ZY-1"]["result"]
    layers = ("pooled", "major_illness", "assistance", "personal_burden")
    assert [result[name] for name in layers] == ["44700.00", "5070.00", "7161.00", "3069.00"]
    assert any(step["amount"] == "44700.00" for step in result["steps"])
    assert may.poor.name not in answer.content.decode()
    assert may.poor.id_number not in answer.content.decode()
    assert [claim["number"] for claim in first.get("claims", month="2023-05").json()["claims"]] == ["MZ-1"]


def test_pages_follow_one_another(second: Caller, may: May, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.api.PER_PAGE", 1)
    one = second.get("claims", month="2023-05").json()
    two = second.get("claims", month="2023-05", after=one["next"]).json()
    assert ([c["number"] for c in one["claims"]], one["next"]) == (["MZ-9"], "MZ-9")
    assert ([c["number"] for c in two["claims"]], two["next"]) == (["ZY-1"], None)


def test_statements_once_they_are_approved(first: Caller, may: May) -> None:
    """400.10 pooled of one outpatient claim of 1,000.20."""
    run = month.settled()
    assert first.get("statements").json() == {"statements": []}
    month.approved(run)
    (statement,) = first.get("statements").json()["statements"]
    assert (statement["number"], statement["due"], statement["total"]) == (
        "JS-202305-H51070400001",
        "400.10",
        "1000.20",
    )
    lines = first.get(f"statements/{statement['number']}").json()["lines"]
    assert [line["due"] for line in lines] == ["400.10"]


def test_what_is_anothers_is_answered_as_what_is_absent(first: Caller, second: Caller, may: May) -> None:
    month.approved(month.settled())
    others = ImportBatch.objects.get(source=may.second.code)
    foreign = [first.get(f"claim-files/{others.pk}"), first.get("statements/JS-202305-H51078100002")]
    absent = [first.get("claim-files/999999999"), first.get("statements/JS-190001-H51070400001"), first.get("nowhere")]
    assert {answer.status_code for answer in [*foreign, *absent]} == {404}
    assert all(answer.json() == ABSENT for answer in [*foreign, *absent])


def test_keys_overlap_and_end_at_once(may: May) -> None:
    old = a_caller(may.first)
    new = a_caller(may.first)
    assert [caller.get("institution").status_code for caller in (old, new)] == [200, 200]

    key = InstitutionKey.objects.get(prefix=new.text.split("_")[1])
    institution_keys.revoke(key, reason="外泄", by=None)
    refused = new.get("institution")
    assert (refused.status_code, refused.json()["code"], refused["WWW-Authenticate"]) == (401, "api.key", "Bearer")
    InstitutionKey.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert old.get("institution").status_code == 401


def test_a_session_of_staff_opens_nothing_here(first: Caller, admin_user: Any) -> None:
    first.client.force_login(admin_user)
    assert first.client.get("/api/v1/institution").status_code == 401


def test_every_call_is_written_down(first: Caller, may: May) -> None:
    first.get("institution")
    first.get("claim-files/999999999")
    first.post("claim-files", {"month": "2023-05", "claims": [a_claim(may)]})
    first.post("claim-files", b"[")
    calls = InstitutionCall.objects.order_by("pk").values_list("what", "status")
    assert list(calls) == [
        ("GET api_institution", 200),
        ("GET api_claim_file", 404),
        ("POST api_claim_files", 201),
        ("POST api_claim_files", 400),
    ]


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE organization_institutioncall SET status = 200",
        "DELETE FROM organization_institutioncall",
        "TRUNCATE organization_institutioncall",
    ],
)
def test_a_call_that_was_written_down_stays(first: Caller, deed: str) -> None:
    first.get("claim-files/999999999")
    with pytest.raises(IntegrityError, match="接口调用只增不改"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(deed)
    assert InstitutionCall.objects.get().status == 404


def test_too_many_calls_and_too_many_wrong_keys(first: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "CALLS", replace(api.CALLS, most=2))
    monkeypatch.setattr(api, "WRONG_KEYS", replace(api.WRONG_KEYS, most=1))
    answers = [first.get("institution") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].json()["code"] == "api.too_often"
    assert int(answers[-1]["Retry-After"]) > 0
    assert [Caller("ybk_00000000_x").get("institution").status_code for _ in range(2)] == [401, 429]


class TestTheSecondWall:
    """With no scope in Python, a key sees the rows of its institution and writes none."""

    def test_only_its_own(self, first: Caller, may: May, as_application: None) -> None:
        key = InstitutionKey.objects.get(institution_code=may.first.code)
        month.approved(month.settled())
        with walls.as_institution(key.pk):
            assert set(Claim.objects.values_list("institution_id", flat=True)) == {may.first.pk}
            assert [row.claim.number for row in Adjudication.objects.all()] == ["MZ-1"]
            assert [found.code for found in Institution.objects.all()] == [may.first.code]
            assert set(Agreement.objects.values_list("institution_id", flat=True)) == {may.first.pk}
            assert [batch.source for batch in ImportBatch.objects.all()] == [may.first.code]
            assert [row.batch.source for row in ClaimRow.objects.all()] == [may.first.code]
            assert [found.institution_id for found in Settlement.objects.all()] == [may.first.pk]
            assert {line.settlement.institution_id for line in SettlementLine.objects.all()} == {may.first.pk}
            assert SettlementRun.objects.count() == 1
            assert not Person.objects.exists()
            assert Claim.objects.update(total=1) == 0
        InstitutionKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
        with walls.as_institution(key.pk):
            assert not Claim.objects.exists()
            assert not Institution.objects.exists()

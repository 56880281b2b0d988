"""核算不符 on the screen: who sees it, what differs to the fen, and the words that close it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from claims.models import Adjudication, Discrepancy
from tests.claims.views.conftest import May
from tests.factories import people

pytestmark = pytest.mark.django_db
Enter = Callable[[Staff], Client]
PAGE = "/claims/discrepancies/"


@pytest.fixture
def finding(may: May) -> Discrepancy:
    """The stay of the poor resident, as if a fen of relief had been added."""
    held = Adjudication.objects.get(claim__number="ZY-1")
    return Discrepancy.objects.create(
        adjudication=held,
        area_id=held.area_id,
        kind="amount",
        stored={"assistance": 7_161_01},
        recomputed={"assistance": 7_161_00},
    )


def test_the_second_reviewer_finds_it_among_the_waiting_work_and_says_what_it_was(
    finding: Discrepancy, signed_in: Enter
) -> None:
    reviewer = people.a_clerk("", Duty.REVIEW_SECOND)
    client = signed_in(reviewer)
    assert "处核算不符待说明" in client.get("/").content.decode()

    listed = client.get(PAGE).content.decode()
    assert "<del>7,161.01</del>" in listed
    assert "<ins>7,161.00</ins>" in listed
    page = f"{PAGE}{finding.pk}/"
    assert "请写明不符的原因" in client.post(page, {"reason": ""}).content.decode()
    answer = client.post(page, {"reason": "维护时误加一分，已报告"}, follow=True)

    assert "已说明单据 ZY-1 的核算不符" in answer.content.decode()
    finding.refresh_from_db()
    assert (finding.stage, finding.explained_by) == ("explained", reviewer)
    assert ActionLog.objects.filter(action="claims.discrepancy.explained", by=reviewer).exists()
    assert "处核算不符待说明" not in client.get("/").content.decode()
    assert "已由他人说明" in client.post(page, {"reason": "再说"}).content.decode()


def test_audit_reads_and_does_not_explain_and_other_counties_see_nothing(
    finding: Discrepancy, signed_in: Enter
) -> None:
    audit = signed_in(people.a_clerk("", Duty.AUDIT))
    assert "待复审岗说明" in audit.get(PAGE).content.decode()
    assert audit.get(f"{PAGE}{finding.pk}/").status_code == 403

    elsewhere = signed_in(people.a_clerk("", Duty.REVIEW_SECOND, area_code=people.JIANGYOU))
    assert "没有核算不符" in elsewhere.get(PAGE).content.decode()
    assert elsewhere.get(f"{PAGE}{finding.pk}/").status_code == 404


def test_the_list_takes_at_most_ten_queries(finding: Discrepancy, signed_in: Enter) -> None:
    for held in Adjudication.objects.exclude(pk=finding.adjudication_id):
        Discrepancy.objects.create(adjudication=held, area_id=held.area_id, kind="trace")
    client = signed_in(people.a_clerk("", Duty.REVIEW_SECOND, area_code="510700"))
    client.get(PAGE)

    with CaptureQueriesContext(connection) as taken:
        assert client.get(f"{PAGE}?stage=open").status_code == 200

    assert len(taken) <= 10, [query["sql"][:100] for query in taken]

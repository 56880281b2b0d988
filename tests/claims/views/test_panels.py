"""What claims show on pages of other floors: waiting work, limits of a person, hits of the search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from bureau.console import panels, waiting
from bureau.kernel.terms import Scheme
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from claims.models import Claim
from enrollment.models import Enrollment
from tests.claims.views.conftest import May
from tests.factories import month, people, relief

pytestmark = pytest.mark.django_db
Enter = Callable[[Staff], Client]


def waiting_for(by: Staff) -> dict[str, int]:
    request = RequestFactory().get("/")
    request.user = by
    return {line.title: line.count for line in waiting.for_request(request)}


def block(slot: str, request: HttpRequest, subject: Any) -> panels.Context:
    """What the block of claims shows on a page of another app."""
    (found,) = [
        block
        for block in panels.completed(panels.gathered(slot, request, subject), subject)
        if block.panel.template.startswith("claims/")
    ]
    return found.context


def test_the_accountant_finds_the_month_that_waits(may: May) -> None:
    assert waiting_for(month.an_accountant())["张 2023-05 申报的单据待结算"] == 3


def test_the_approver_finds_the_sealed_month_until_it_is_approved(may: May) -> None:
    run = month.settled()
    assert waiting_for(month.an_approver()) == {"2023-05 月结算待审批": 1}

    month.approved(run)
    assert waiting_for(month.an_approver()) == {}


def test_the_reviewer_finds_refused_rows_of_the_county(may: May, reviewer: Staff) -> None:
    assert waiting_for(reviewer) == {"2023-05 申报中退回的行": 1}
    assert waiting_for(people.a_clerk("far", Duty.REVIEW_FIRST, area_code=people.JIANGYOU)) == {}


def test_a_person_shows_what_is_left_of_each_yearly_line(may: May) -> None:
    request = RequestFactory().get("/")
    request.user = month.an_accountant()

    found = block(panels.PERSON, request, may.worker)

    left = {room.title: (room.limit, room.used, room.left) for room, _ in found["rooms"]}
    assert left["普通门诊、药店购药起付标准"] == (200_00, 200_00, 0)
    assert left["普通门诊、药店购药年度最高支付限额"] == (2_000_00, 400_10, 1_599_90)
    assert left["统筹基金年度最高支付限额"] == (400_000_00, 400_10, 399_599_90)
    assert left["大病保险起付标准（自付累计）"] == (15_000_00, 0, 15_000_00)
    grounds = {room.title: said for room, said in found["rooms"]}
    assert grounds["普通门诊、药店购药年度最高支付限额"][0].place == "访谈·支付限额"


def test_a_person_shows_where_the_money_of_the_year_went(may: May) -> None:
    month.filed(may.first, month.Bill("MZ-7", may.worker, "300.00", excluded="100.00", over_ceiling="20.00"))
    month.adjudicated()
    request = RequestFactory().get("/")
    request.user = month.an_accountant()

    drawn = block(panels.PERSON, request, may.worker)["year"].flow

    # 1,000.20: 200.00 deductible, half of 800.20 paid; 300.00: 180.00 eligible, half of it paid.
    assert {row.name: row.amount for row in drawn.rows} == {
        "pooled": 490_10,
        "deductible": 200_00,
        "share": 490_10,
        "over_ceiling": 20_00,
        "excluded": 100_00,
    }
    assert drawn.whole == 1_300_20


def test_a_file_is_whole_and_lists_no_claim_of_another_county(
    may: May, reviewer: Staff, signed_in: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker is insured in Jiangyou from 16 May on; of the two walls around the list the second stands alone."""
    Enrollment.objects.filter(person=may.worker).update(valid_until=date(2023, 5, 16))
    people.an_enrollment(may.worker, scheme=Scheme.EMPLOYEE, area_code=people.JIANGYOU, valid_from=date(2023, 5, 16))
    relief.a_status(may.worker, area_code=people.JIANGYOU, town="太平镇")
    month.filed(may.first, month.Bill("MZ-8", may.worker, "600.00", on=date(2023, 5, 20)))
    month.adjudicated()
    assert Claim.objects.get(number="MZ-8").area_id == people.JIANGYOU
    monkeypatch.setattr("claims.selectors.claims.narrow", lambda rows, by: rows)

    page = signed_in(reviewer).get(f"/people/{may.worker.pk}/?day=2023-05-20").content.decode()

    assert "太平镇" in page
    assert "参保地江油市" in page
    # Half of 800.20 and half of 600.00.
    assert "700.10" in page
    assert "MZ-1" in page
    assert "MZ-8" not in page


def test_an_institution_shows_its_statements(may: May) -> None:
    month.settled()
    request = RequestFactory().get("/")
    request.user = month.an_accountant()

    found = block(panels.INSTITUTION, request, may.first)

    assert [row.number for row in found["settlements"]] == ["JS-202305-H51070400001"]
    assert (found["payable"], found["withheld"]) == (380_09, 20_01)


def test_a_claim_number_in_the_search_box_opens_the_claim(may: May, signed_in: Enter) -> None:
    answer = signed_in(month.an_accountant()).post("/search/", {"q": "ZY-1"})

    assert answer["Location"] == "/claims/H51078100002/ZY-1/"


def test_a_county_does_not_find_the_claims_of_another(may: May, reviewer: Staff, signed_in: Enter) -> None:
    assert "没有查到" in signed_in(reviewer).post("/search/", {"q": "MZ-9"}).content.decode()

"""The list of claims and the page of one: numbers, grounds, who sees what, and how many queries it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from claims.models import PersonYear
from claims.services import adjudication
from relief.models import ReliefStatus
from tests.claims.views.conftest import May
from tests.factories import month, people

pytestmark = pytest.mark.django_db
Enter = Callable[[Staff], Client]
POOR = "/claims/H51078100002/ZY-1/"


def test_the_list_says_how_many_and_how_much_over_all_pages(may: May, signed_in: Enter) -> None:
    page = signed_in(month.an_accountant()).get("/claims/").content.decode()

    # 1,000.20 + 60,000.00 + 2,400.00; pooled 400.10 + 44,700.00 + 300.00
    assert "全部 3 张合计" in page
    assert "63,400.20" in page
    assert "45,400.10" in page


def test_a_county_sees_the_claims_of_its_own_insured(may: May, reviewer: Staff, signed_in: Enter) -> None:
    client = signed_in(reviewer)

    page = client.get("/claims/").content.decode()

    assert "全部 2 张合计" in page
    assert "MZ-9" not in page
    assert client.get("/claims/H51078100002/MZ-9/").status_code == 404
    assert client.get(POOR).status_code == 200


def test_filters_narrow_list_and_sums(may: May, signed_in: Enter) -> None:
    client = signed_in(month.an_accountant())

    assert "全部 1 张合计" in client.get("/claims/?care=inpatient").content.decode()
    assert "全部 2 张合计" in client.get("/claims/?institution=H51078100002").content.decode()
    assert "没有符合条件的单据" in client.get("/claims/?month=2023-05&stage=settled").content.decode()
    assert "申报月份：2023-05" in client.get("/claims/?month=2023-05").content.decode()


def test_someone_without_a_duty_is_refused_in_a_sentence(may: May, signed_in: Enter) -> None:
    answer = signed_in(people.a_clerk("nobody", Duty.TRAIL)).get("/claims/")

    assert answer.status_code == 403
    assert "您的岗位" in answer.content.decode()


def test_every_step_of_the_calculation_stands_on_the_page(may: May, signed_in: Enter) -> None:
    page = signed_in(month.an_accountant()).get(POOR).content.decode()

    for amount in ("60,000.00", "44,700.00", "5,070.00", "7,161.00", "3,069.00"):
        assert amount in page
    assert "报销比例 75%" in page
    assert "假定·二三级住院" in page
    assert "大病起付标准 7,500.00 元" in page
    assert "×50%" in page
    assert "2022-01-01 起" in page
    assert "假定值" in page
    assert "低保对象" in page
    assert may.poor.id_number not in page
    assert "style=" not in page.replace("stylesheet", "")


def test_the_picture_and_its_table_say_where_each_yuan_went(may: May, signed_in: Enter) -> None:
    answer = signed_in(month.an_accountant()).get(POOR)
    page = answer.content.decode()

    drawn = answer.context["account"].version.flow
    # The deductible of 400.00 stays with the person: the funds' money counts against the rest first.
    assert {row.name: row.amount for row in drawn.rows} == {
        "pooled": 44_700_00,
        "major_illness": 5_070_00,
        "assistance": 7_161_00,
        "deductible": 400_00,
        "share": 2_669_00,
    }
    assert sum(row.amount for row in drawn.rows) == drawn.whole == 60_000_00
    # 56,931.00 and 3,069.00 of 60,000.00
    assert [(row.amount, row.percent) for row in drawn.sums] == [(56_931_00, "94.9%"), (3_069_00, "5.1%")]
    assert page.count("44,700.00") >= 3
    assert 'fill="url(#flow-assistance)"' in page
    assert "每一元的去向：总额 60,000.00 元，基金支付 56,931.00 元，个人负担 3,069.00 元" in page


def test_a_version_can_be_chosen_where_there_are_several(may: May, signed_in: Enter) -> None:
    client = signed_in(month.an_accountant())
    assert 'aria-label="核算版本"' not in client.get(POOR).content.decode()
    ReliefStatus.objects.filter(person=may.poor).update(valid_until=date(2023, 5, 1))
    adjudication.recalculate([PersonYear.objects.get(person=may.poor).pk], reason="更正", by=None)

    page = client.get(f"{POOR}?version=1").content.decode()

    assert '<a href="?version=1" aria-current="page">第 1 版</a>' in page
    assert '<a href="?version=2">第 2 版（现行）</a>' in page


def test_a_rerun_shows_what_it_changed_and_what_is_to_be_recovered(may: May, signed_in: Enter) -> None:
    month.settled()
    ReliefStatus.objects.filter(person=may.poor).update(valid_until=date(2023, 5, 1))
    year = PersonYear.objects.get(person=may.poor)
    adjudication.recalculate([year.pk], reason="救助身份更正", by=month.an_accountant())
    client = signed_in(month.an_accountant())

    page = client.get(POOR).content.decode()

    # Without relief: major illness 60 % of 15,300.00 − 15,000.00 = 180.00, no assistance.
    assert "重算 1 次" in page
    assert "<del>5,070.00</del>" in page
    assert "<ins>180.00</ins>" in page
    assert "−7,161.00" in page
    assert "−4,890.00" in page
    assert "救助身份更正" in page
    assert "这是旧的一版核算" in client.get(f"{POOR}?version=1").content.decode()
    assert "追回 12,051.00 元" in client.get("/claims/differences/").content.decode()


def test_a_claim_that_waits_says_so(may: May, signed_in: Enter) -> None:
    month.filed(may.first, month.Bill("MZ-3", may.worker, "10.00"))

    assert "在等待核算" in signed_in(month.an_accountant()).get("/claims/H51070400001/MZ-3/").content.decode()


def test_the_paper_sheet_names_who_printed_it(may: May, signed_in: Enter) -> None:
    page = signed_in(month.an_accountant()).get("/claims/sheet/H51078100002/ZY-1/").content.decode()

    assert "医疗保障待遇核算单" in page
    assert "打印：" in page
    assert "7,161.00" in page


@pytest.mark.parametrize("address", ["/claims/", "/claims/?month=2023-05&care=outpatient", "/claims/refused/"])
def test_lists_take_at_most_ten_queries_at_any_length(may: May, signed_in: Enter, address: str) -> None:
    bills = (month.Bill(f"L-{number:03}", may.worker, "12.00") for number in range(60))
    month.filed(may.first, *bills)
    month.adjudicated()
    client = signed_in(month.an_accountant())
    client.get(address)

    with CaptureQueriesContext(
        connection,
    ) as taken:
        assert client.get(address).status_code == 200

    assert len(taken) <= 10, [query["sql"][:120] for query in taken]

"""The cockpit: start, failures and retry, approval by another, export; statements on screen and paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.funds.models import PaymentOrder
from bureau.kernel.terms import Care
from bureau.organization.models import Area, DutyAssignment, Staff
from bureau.organization.terms import Duty
from claims.models import SettlementRun
from claims.services import settlement
from institutions.models import Institution
from tests.claims.views.conftest import May
from tests.factories import month, people

pytestmark = pytest.mark.django_db
Enter = Callable[[Staff], Client]
RUN = "/settlement/2023-05/"


def test_starting_repeats_what_will_be_frozen_and_then_freezes_it(may: May, signed_in: Enter) -> None:
    client = signed_in(month.an_accountant())

    page = client.get("/settlement/new/?month=2023-05").content.decode()
    answer = client.post("/settlement/new/", {"month": "2023-05"})

    assert "单据 3 张" in page
    assert "63,400.20 元" in page
    assert "假定值" in page
    assert answer["Location"] == RUN
    assert SettlementRun.objects.get().claims.count() == 3


def test_while_computing_the_page_asks_again_for_its_live_block(may: May, signed_in: Enter) -> None:
    settlement.open_month(month="2023-05", by=month.an_accountant())
    client = signed_in(month.an_accountant())

    page = client.get(RUN).content.decode()
    block = client.get(f"{RUN}progress/").content.decode()

    assert 'data-live="/settlement/2023-05/progress/"' in page
    assert "portal/live.js" in page
    assert "0 / 2 家" in block

    settlement.work(SettlementRun.objects.get().run_id)
    finished = client.get(f"{RUN}progress/").content.decode()
    assert "data-live-block" in finished
    assert "data-live=" not in finished
    assert "计算完成，已封存" in finished


def test_a_failed_step_shows_its_reason_and_can_be_tried_again(may: May, signed_in: Enter) -> None:
    Institution.objects.filter(pk=may.second.pk).update(bank_account="")
    run = month.settled()
    client = signed_in(month.an_accountant())

    page = client.get(RUN).content.decode()
    assert "没有登记银行账号" in page
    assert "重试失败的步骤" in page

    Institution.objects.filter(pk=may.second.pk).update(bank_account="6222000000005678")
    client.post(f"{RUN}retry/")
    settlement.work(run.run_id)
    assert "待审批" in client.get(RUN).content.decode()


def test_the_run_shows_sums_by_institution_and_by_fund(may: May, signed_in: Enter) -> None:
    run = month.settled()

    page = signed_in(month.an_accountant()).get(RUN).content.decode()

    # 400.10 + 44,700.00 + 5,070.00 + 7,161.00 + 300.00 due; 20.01 + 2,235.00 + 15.00 withheld
    for amount in ("57,631.10", "2,270.01", "55,361.09", "45,000.00"):
        assert amount in page
    assert run.seal_sha256 in page
    assert "医疗救助基金" in page


def test_where_the_second_approval_begins_is_shown_with_its_grounds(may: May, signed_in: Enter) -> None:
    month.settled()

    page = signed_in(month.an_accountant()).get(RUN).content.decode()

    tier = page.split("<dt>审批层级</dt>")[1].split("</div>")[0]
    assert "实付满 1,000,000.00 元须两人审批" in tier
    assert "假定·审批层级" in tier
    assert '<span class="assumed">假定值</span>' in tier


def test_a_county_sees_its_own_institutions_of_the_month(may: May, reviewer: Staff, signed_in: Enter) -> None:
    month.settled()
    client = signed_in(reviewer)

    page = client.get(RUN).content.decode()

    assert "JS-202305-H51070400001" in page
    assert "JS-202305-H51078100002" not in page
    assert "57,631.10" not in page
    assert "57,631.10" not in client.get("/settlement/").content.decode()
    assert client.get("/settlement/statements/JS-202305-H51078100002/").status_code == 404


def test_the_city_sees_statements_of_institutions_outside_it(may: May, reviewer: Staff, signed_in: Enter) -> None:
    Area.objects.create(code="510100", name="成都市", level="outside")
    away = month.a_paid_hospital(code="H51010000009", area_code="510100")
    month.filed(away, month.Bill("CD-1", may.worker, "3000.00", Care.INPATIENT, care_area="510100", filing="是"))
    month.adjudicated()
    month.settled()

    assert "JS-202305-H51010000009" in signed_in(month.an_accountant()).get(RUN).content.decode()
    assert "JS-202305-H51010000009" not in signed_in(reviewer).get(RUN).content.decode()


def test_the_maker_reads_a_sentence_instead_of_a_button(may: May, signed_in: Enter) -> None:
    maker = month.an_accountant()
    month.settled()
    # He became an approver since.
    DutyAssignment.objects.filter(staff=maker).update(duty=Duty.FINANCE_APPROVAL.value)
    client = signed_in(maker)

    page = client.get(RUN).content.decode()
    answer = client.post(f"{RUN}approve/", {"seal": SettlementRun.objects.get().seal_sha256})

    assert "您是本次结算的经办人，须由另一人审批。" in page
    assert "审批本月结算" not in page
    assert answer.status_code == 409
    assert PaymentOrder.objects.count() == 0


def test_the_approver_sees_counts_sums_and_seal_and_approves_them(may: May, signed_in: Enter) -> None:
    run = month.settled()
    client = signed_in(month.an_approver())

    page = client.get(f"{RUN}approve/").content.decode()
    assert "2 家机构，3 张单据，实付 55,361.09 元" in page
    assert run.seal_sha256 in page

    client.post(f"{RUN}approve/", {"seal": run.seal_sha256})
    run.refresh_from_db()
    assert run.stage == "approved"
    assert run.approved_by == month.an_approver()


def test_an_approval_of_another_seal_is_refused(may: May, signed_in: Enter) -> None:
    run = month.settled()

    answer = signed_in(month.an_approver()).post(f"{RUN}approve/", {"seal": "0" * 64})

    run.refresh_from_db()
    assert answer.status_code == 409
    assert run.stage == "sealed"


def test_the_payment_list_leaves_after_approval_byte_for_byte(may: May, signed_in: Enter) -> None:
    run = month.settled()
    client = signed_in(month.a_cashier())
    assert client.post(f"{RUN}payments.csv").status_code == 409
    month.approved(run)

    answer = client.post(f"{RUN}payments.csv")

    assert answer.content.decode() == SettlementRun.objects.get().payment_list
    assert client.get(f"{RUN}payments.csv").status_code == 405


def test_a_statement_carries_lines_words_slots_and_claims(may: May, signed_in: Enter) -> None:
    month.approved(month.settled())
    client = signed_in(month.an_accountant())

    page = client.get("/settlement/statements/JS-202305-H51078100002/").content.decode()
    sheet = client.get("/settlement/statements/JS-202305-H51078100002/sheet/").content.decode()

    # 57,231.00 less 5 % of 45,000.00
    assert "伍万肆仟玖佰捌拾壹元整" in page
    for text in (page, sheet):
        assert "54,981.00" in text
        assert "ZY-1" in text
        assert "假定值" in text
    assert "编制：" in sheet
    assert "校验码" in sheet
    assert may.poor.id_number not in sheet


@pytest.mark.parametrize(
    "address", ["/settlement/", RUN, "/settlement/statements/", "/settlement/statements/JS-202305-H51070400001/"]
)
def test_the_desks_take_a_bounded_number_of_queries(may: May, signed_in: Enter, address: str) -> None:
    month.settled()
    client = signed_in(month.an_accountant())
    client.get(address)

    with CaptureQueriesContext(connection) as taken:
        assert client.get(address).status_code == 200

    assert len(taken) <= 10, [query["sql"][:120] for query in taken]


def test_only_an_accountant_starts_and_a_month_that_is_not_open_is_not_there(may: May, signed_in: Enter) -> None:
    client = signed_in(people.a_clerk("leader", Duty.LEADER_CITY, area_code="510700"))

    assert client.get("/settlement/new/").status_code == 403
    assert client.get("/settlement/2023-05/").status_code == 404

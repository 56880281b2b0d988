"""The month in a real browser: waterfall, progress that moves by itself, approval, paper."""

from __future__ import annotations

import pytest

from claims.models import SettlementRun
from claims.services import settlement
from tests.browser import Portal, grave_findings
from tests.claims.views.conftest import a_may
from tests.factories import month

pytestmark = pytest.mark.slow


def test_from_a_claim_to_an_approved_month(portal: Portal) -> None:
    a_may()
    accountant, approver = month.an_accountant(), month.an_approver()

    with portal.browse(accountant) as page:
        for address in (
            "/claims/",
            "/claims/H51078100002/ZY-1/",
            "/claims/files/",
            "/claims/files/new/",
            "/settlement/",
        ):
            page.goto(address)
            assert grave_findings(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth") <= 1366, address
        page.goto("/claims/H51078100002/ZY-1/")
        bar = page.locator(".waterfall tr", has_text="大病保险支付").locator("rect").nth(1)
        # 44,700.00 to 49,770.00 of 60,000.00
        assert (bar.get_attribute("x"), bar.get_attribute("width")) == ("745", "84")

        page.goto("/settlement/new/?month=2023-05")
        page.get_by_role("button", name="开始结算").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/settlement/2023-05/")
        page.get_by_text("0 / 2 家机构").wait_for()
        portal.meanwhile(lambda: settlement.work(SettlementRun.objects.get().run_id))
        # Nobody reloads: the page asks again for itself.
        page.get_by_text("计算完成，已封存").wait_for()
        page.get_by_role("link", name="查看本月结果").click()
        page.get_by_text("您是本次结算的经办人，须由另一人审批。").wait_for()
        assert grave_findings(page) == []

    with portal.browse(approver) as page:
        page.goto("/")
        page.get_by_role("link", name="核对并审批").click()
        page.get_by_role("link", name="审批本月结算").click()
        page.get_by_role("button", name="审批 2023-05 月结算").click()
        page.wait_for_url("**/settlement/2023-05/")
        page.get_by_text("已审批 2023-05 月结算").wait_for()
        with page.expect_download() as download:
            page.get_by_role("button", name="导出付款清单").click()
        assert download.value.suggested_filename == "payments-2023-05.csv"
        for address in ("/settlement/statements/", "/settlement/statements/JS-202305-H51078100002/"):
            page.goto(address)
            assert grave_findings(page) == [], address
        page.goto("/settlement/statements/JS-202305-H51078100002/sheet/")
        page.emulate_media(media="print")
        assert not page.locator(".paper-bar").is_visible()
        page.get_by_text("经办机构（盖章）").wait_for()

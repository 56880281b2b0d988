"""A change of the law in a real browser: drafted, sent back, mended, opened change by change, published, settled by."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page

from bureau.kernel.terms import Employment, Scheme
from bureau.policy.models import Release
from bureau.policy.selectors import rulesets
from claims.models import Adjudication, Adjustment, Claim, Settlement
from tests.browser import Portal
from tests.factories import month, people, policy
from tests.journeys.test_relief_roster import seen

pytestmark = pytest.mark.browser


def paid(number: str) -> tuple[int, int]:
    """Deductible and pooled payment of a claim as adjudicated last, in fen."""
    last = Adjudication.objects.filter(claim__number=number).order_by("-pk")[0]
    return last.deductible, last.pooled


def typed_with(page: Page, text: str) -> None:
    """Fill the whole text and wait until the checks have answered."""
    with page.expect_response("**/check/"):
        page.locator("#text").fill(text)


@pytest.mark.slow
def test_a_change_goes_from_draft_to_the_next_months_settlement(portal: Portal) -> None:
    first = month.the_law()
    drafter = first.drafted_by
    checker = first.published_by
    hospital = month.a_paid_hospital()
    person, newcomer = people.a_person(name="陈山"), people.a_person(name="李水")
    for one in (person, newcomer):
        people.an_enrollment(one, scheme=Scheme.EMPLOYEE, employment=Employment.IN_SERVICE)
    # May, under the law as it was: (1000 − 200) × 50 % = 400.
    month.filed(hospital, month.Bill("MZ-1", person, "1000.00"))
    month.adjudicated()
    month.approved(month.settled())
    assert paid("MZ-1") == (200_00, 400_00)

    with portal.browse(drafter) as page:
        page.goto("/policy/drafts/")
        page.get_by_text("没有在办的草稿").wait_for()
        page.get_by_role("link", name="起草政策").last.click()
        page.get_by_label("起草说明").fill("提高在职职工三级医疗机构门诊报销比例")
        seen(page, "policy-start")
        page.get_by_role("button", name="起草政策").click()
        page.get_by_text("取值没有差异").wait_for()
        draft_url = page.url

        # By value: 55 % from the first day would make the document's own example wrong, and the checks say so at once.
        page.get_by_role("link", name="改动：绵阳市职工门诊共济").click()
        ratio = page.get_by_label("报销比例 职工医保·在职·普通门诊、药店购药·三级")
        with page.expect_response("**/check/"):
            ratio.fill("55")
        page.get_by_text("的值“55”写法或单位不对").wait_for()
        with page.expect_response("**/check/"):
            ratio.fill("55%")
        page.get_by_text("pooled 应为 50.01，算出 55.01").wait_for()
        seen(page, "policy-values")
        # What is wrong is kept, and what was kept can be taken back.
        page.get_by_role("button", name="保存文件").click()
        page.get_by_text("整套政策还有 1 处错误").wait_for()
        assert ratio.input_value() == "55%"
        page.goto(draft_url)
        assert page.get_by_role("link", name="送审政策").count() == 0
        page.get_by_role("button", name="回到第 1 版").click()
        page.get_by_text("已回到第 1 版").wait_for()

        # By a new document, from June on.
        page.get_by_role("link", name="新增文件").click()
        page.get_by_label("文件编号").fill("mianyang-outpatient-2023-06")
        page.get_by_label("文件名称").fill("职工门诊待遇调整")
        page.get_by_label("施行日期").fill("2023-06-01")
        seen(page, "policy-new-document")
        page.get_by_role("button", name="新增文件").click()
        page.get_by_label("全文").wait_for()
        typed_with(page, policy.RAISED.replace("in_service", "in_servic").replace("+5点", "+8点"))
        page.get_by_text("维度“employment”没有“in_servic”").wait_for()
        page.get_by_role("link", name="第 10 行").click()
        assert page.evaluate("getSelection().toString()").startswith("- {name: outpatient.raised")
        typed_with(page, policy.RAISED.replace("+5点", "+8点"))
        page.get_by_text("检查通过").wait_for()
        seen(page, "policy-text")
        page.get_by_role("button", name="保存文件").click()
        page.get_by_text("已保存，检查通过").wait_for()

        page.goto(draft_url)
        page.get_by_text("50%→改为58%").wait_for()
        seen(page, "policy-draft")
        page.get_by_role("link", name="送审政策").click()
        page.get_by_role("button", name="送审政策").click()
        page.get_by_text("已送审：绵阳市第 2 次发布").wait_for()
        page.get_by_text("您是起草人，复核和发布须由他人办理。").wait_for()

    with portal.browse(checker) as page:
        page.goto("/")
        page.get_by_role("link", name="核对改动").click()
        page.get_by_role("link", name="退回政策").click()
        page.get_by_label("退回原因").fill("文件写的是五个百分点")
        page.get_by_role("button", name="退回政策").click()
        page.get_by_text("已退回：绵阳市第 2 次发布").wait_for()

    with portal.browse(drafter) as page:
        page.goto("/")
        page.get_by_text("份草稿被退回").wait_for()
        page.get_by_role("link", name="继续起草").click()
        page.get_by_role("link", name="改动：绵阳市职工门诊待遇调整").click()
        page.get_by_label("报销比例 职工医保·在职·普通门诊·三级").fill("+5点")
        page.keyboard.press("Enter")
        page.get_by_text("已保存，检查通过").wait_for()
        page.goto(draft_url)
        page.get_by_role("link", name="送审政策").click()
        page.get_by_role("button", name="送审政策").click()
        page.get_by_text("已送审").wait_for()

    with portal.browse(checker) as page:
        page.goto("/")
        page.get_by_role("link", name="核对改动").click()
        key = page.url.rstrip("/").rsplit("/", 1)[1]
        # Past the buttons, before anything was opened: refused, with how many are left.
        page.goto(f"/policy/releases/{key}/check/")
        page.get_by_role("button", name="复核通过").click()
        page.get_by_text("还有 3 处改动没有打开核对（共 3 处）").wait_for()
        page.goto(draft_url)
        page.get_by_role("link", name="逐处核对").click()
        page.get_by_text("40%→改为45%").wait_for()
        seen(page, "policy-change")
        # The keyboard alone: the button has the focus on every page.
        page.keyboard.press("Enter")
        page.get_by_text("您还有 2 处没有核对").wait_for()
        page.get_by_text("50%→改为55%").wait_for()
        page.keyboard.press("Enter")
        page.get_by_text("您还有 1 处没有核对").wait_for()
        seen(page, "policy-change-document")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="复核通过").click()
        page.get_by_role("button", name="复核通过").click()
        page.get_by_text("发布以后才生效").wait_for()
        seen(page, "policy-checked")
        assert portal.meanwhile(lambda: rulesets.rulebook_in_force().sha256) == first.sha256
        page.get_by_role("link", name="发布政策").click()
        page.get_by_role("button", name="发布政策").click()
        page.get_by_text("已发布：绵阳市第 2 次发布").wait_for()

    second = Release.objects.get(stage="published")
    assert (second.number, second.drafted_by, second.checked_by) == (2, drafter, checker)
    # June: his deductible is used up, 1000 × 55 % = 550; hers is not, (1000 − 200) × 55 % = 440.
    month.filed(
        hospital,
        month.Bill("MZ-2", person, "1000.00", on=date(2023, 6, 7)),
        month.Bill("MZ-3", newcomer, "1000.00", on=date(2023, 6, 8)),
        # A bill of May that comes late is still paid by May's ratio: 100 × 50 % = 50.
        month.Bill("MZ-4", person, "100.00", on=date(2023, 5, 30)),
        month="2023-06",
    )
    month.adjudicated()
    month.approved(month.settled("2023-06"))
    assert {number: paid(number) for number in ("MZ-1", "MZ-2", "MZ-3", "MZ-4")} == {
        "MZ-1": (200_00, 400_00),
        "MZ-2": (0, 550_00),
        "MZ-3": (200_00, 440_00),
        "MZ-4": (0, 50_00),
    }
    june = Settlement.objects.get(run__month="2023-06")
    # 550 + 440 + 50 = 1040, of which 5 % are kept: 52.
    assert (june.due, june.withheld, june.payable) == (1040_00, 52_00, 988_00)
    of_june = Adjudication.objects.filter(claim__number__in=["MZ-2", "MZ-3", "MZ-4"])
    assert set(of_june.values_list("policy_sha256", flat=True)) == {second.sha256}
    # What May had settled stays as it was, and nothing of it is to be paid again.
    assert Claim.objects.get(number="MZ-1").adjudications.order_by("pk")[0].policy_sha256 == first.sha256
    assert not Adjustment.objects.exists()

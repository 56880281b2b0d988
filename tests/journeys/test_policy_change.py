"""A change of the law in a real browser: drafted, sent back, mended, simulated, opened change by change, settled by."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from bureau.kernel.terms import Employment, Scheme
from bureau.launcher.crew import Crew
from bureau.launcher.portal import start_worker
from bureau.policy.models import Release
from bureau.policy.selectors import rulesets
from bureau.simulation.services import snapshots
from claims.models import Adjudication, Adjustment, Claim, Settlement, SettlementRun
from claims.services import settlement
from claims.terms import SettlementStage
from tests.browser import CHECKOUT, Portal
from tests.factories import month, people, policy
from tests.factories.simulation import a_row
from tests.journeys.test_relief_roster import seen

if TYPE_CHECKING:
    from bureau.simulation.models import Snapshot
    from tests.conftest import ThrowawayDatabase

pytestmark = pytest.mark.browser


@pytest.fixture
def worker(throwaway_database: ThrowawayDatabase, tmp_path: Path) -> Iterator[Crew]:
    """Processes beside the portal's own, started when the test asks for them."""
    with Crew(CHECKOUT, throwaway_database.environment, logs=tmp_path / "worker") as crew:
        yield crew


@pytest.fixture
def folder(settings: Settings) -> Iterator[Path]:
    """Where the portal's processes look for snapshots; what the test leaves there is taken away."""
    settings.SNAPSHOT_DIR = CHECKOUT / "var" / "snapshots"
    yield settings.SNAPSHOT_DIR
    for file in settings.SNAPSHOT_DIR.glob("journey-*.parquet"):
        file.unlink()


def a_snapshot() -> Snapshot:
    """Four invented bills of outpatients at a tertiary hospital."""
    return snapshots.keep_invented(
        key="journey",
        name="五月至六月门诊",
        city="mianyang",
        valid_from=date(2023, 5, 1),
        valid_until=date(2023, 7, 1),
        rows=[
            a_row(1, 1, 1000_00, day="2023-05-10", care="outpatient"),
            a_row(1, 2, 1000_00, day="2023-06-07", care="outpatient"),
            a_row(2, 1, 1000_00, day="2023-06-08", care="outpatient"),
            a_row(3, 1, 150_00, day="2023-06-09", care="outpatient"),
        ],
        by=None,
    )


def simulated(page: Page) -> None:
    """From the draft to what it would have cost, by a worker of Celery.

    Of May 1: (1000 − 200) × 50 % = 400 under both laws. Of June 1: 1000 × 50 % = 500, by the draft 55 % = 550. Of
    June 2: 800 × 50 % = 400, by the draft 440. June 3 is below the deductible. Together 1300 and 1390: 90 more, for 2.
    """
    page.get_by_role("link", name="测算", exact=True).last.click()
    page.get_by_label("方案名称").fill("六月起提高五个点")
    assert "第 2 次发布" in page.get_by_label("方案所用政策").locator("option:checked").inner_text()
    seen(page, "simulation-new")
    page.get_by_role("button", name="开始测算").click()
    page.get_by_role("link", name="查看结果").click(timeout=60_000)
    layers = page.get_by_role("region", name="由谁负担")
    layers.get_by_role("row").filter(has_text="统筹基金").wait_for()
    pooled = layers.get_by_role("row").filter(has_text="统筹基金").locator("td").all_inner_texts()
    assert pooled == ["1,300.00", "1,390.00", "+90.00", "+6.92%"]
    burden = layers.get_by_role("row").filter(has_text="个人负担").locator("td").all_inner_texts()
    assert burden == ["1,850.00", "1,760.00", "−90.00", "−4.86%"]
    page.get_by_text("共 90.00 元").wait_for()
    seen(page, "simulation-report")
    page.get_by_role("link", name="待遇不降低").click()
    page.get_by_text("总体待遇没有降低：+90.00 元（+6.92%）").wait_for()
    page.get_by_text("没有人的待遇降低").wait_for()
    seen(page, "simulation-kept")


def paid(number: str) -> tuple[int, int]:
    """Deductible and pooled payment of a claim as adjudicated last, in fen."""
    last = Adjudication.objects.filter(claim__number=number).order_by("-pk")[0]
    return last.deductible, last.pooled


def sealed(of: str) -> SettlementRun:
    """A month whose steps this process and the worker take by turns."""
    run = month.settled(of)
    for _ in range(150):
        if run.stage == SettlementStage.SEALED:
            break
        time.sleep(0.2)
        run = settlement.work(run.run_id)
    return run


def typed_with(page: Page, text: str) -> None:
    """Fill the whole text and wait until the checks have answered."""
    with page.expect_response("**/check/"):
        page.locator("#text").fill(text)


@pytest.mark.slow
def test_a_change_goes_from_draft_to_the_next_months_settlement(portal: Portal, folder: Path, worker: Crew) -> None:
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

    a_snapshot()
    start_worker(worker)
    with portal.browse(drafter) as page:
        page.goto("/")
        page.get_by_text("份草稿被退回").wait_for()
        page.get_by_role("link", name="继续起草").click()
        page.get_by_role("link", name="改动：绵阳市职工门诊待遇调整").click()
        page.get_by_label("报销比例 职工医保·在职·普通门诊·三级").fill("+5点")
        page.keyboard.press("Enter")
        page.get_by_text("已保存，检查通过").wait_for()
        page.goto(draft_url)
        simulated(page)
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
    month.approved(sealed("2023-06"))
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

"""J3: a roster from file to effect in a real browser: one uploads and settles, another applies, one takes back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page

from bureau.organization.terms import Duty
from relief.models import ReliefStatus, RosterEntry
from relief.services import confirmation, rosters
from tests.browser import Portal, grave_findings
from tests.factories.people import YOUXIAN, a_clerk
from tests.factories.policy import a_release

pytestmark = pytest.mark.browser

DATA = Path(__file__).parents[1] / "data" / "rosters"
# Where to keep pictures of the pages, for whoever wants to look at them.
PICTURES = os.environ.get("PICTURES")


def seen(page: Page, name: str) -> None:
    assert grave_findings(page) == [], name
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{name} scrolls sideways by {wide} px"
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_roster_goes_from_upload_to_effect_and_back(portal: Portal) -> None:
    a_release()
    maker = a_clerk("relief-youxian", Duty.RELIEF)
    checker = a_clerk("relief-check-youxian", Duty.RELIEF_CHECK)
    april = rosters.stage(
        content=(DATA / "2023-04-civil-affairs.xlsx").read_bytes(),
        file_name="2023-04-civil-affairs.xlsx",
        source="civil_affairs",
        month="2023-04",
        area_code=YOUXIAN,
        by=maker,
    ).batch
    confirmation.confirm(batch_id=april.pk, by=checker)

    with portal.browse(maker) as page:
        page.goto("/relief/rosters/")
        seen(page, "roster-list")
        page.get_by_role("link", name="导入名单").last.click()
        page.get_by_label("来源部门").select_option("civil_affairs")
        page.get_by_label("名单月份").fill("2023-05")
        page.get_by_label("名单文件").set_input_files(DATA / "2023-05-civil-affairs.xlsx")
        seen(page, "roster-upload")
        page.get_by_role("button", name="导入名单").click()

        page.get_by_role("heading", name="民政 2023年5月名单").wait_for()
        page.get_by_role("link", name="异常 11").wait_for()
        page.get_by_text("还有 8 行不知是谁或是何身份").wait_for()
        seen(page, "roster-errors")

        page.get_by_label("第 155 行身份证号").fill("510704200501278230")
        page.get_by_label("第 155 行身份证号").press("Enter")
        page.get_by_role("heading", name="第 155 行没有处理").wait_for()
        seen(page, "roster-refused-row")
        page.get_by_label("第 155 行身份证号").fill("510704200501278239")
        page.get_by_label("第 155 行身份证号").press("Enter")
        page.get_by_role("link", name="异常 10").wait_for()
        # Of the pair that contradicts itself the row above is right.
        page.locator("#row-210").get_by_role("button", name="移出本批").click()
        for left in range(8, 0, -1):
            page.get_by_role("link", name=f"异常 {left}", exact=True).wait_for()
            page.get_by_role("button", name="移出本批").first.click()
        page.get_by_role("link", name="异常 0", exact=True).wait_for()
        page.get_by_text("您是本批经办人，复核需由他人办理。").wait_for()
        seen(page, "roster-settled")
        for tile in ("退出 7", "变更 9", "暂缓退出 3"):
            page.get_by_role("link", name=tile).click()
        page.get_by_role("link", name="变更 9").click()
        seen(page, "roster-changed")
        address = page.url

    with portal.browse(checker) as page:
        page.goto("/")
        seen(page, "roster-home")
        page.get_by_role("link", name="复核名单").click()
        page.get_by_role("link", name="复核本批").first.click()
        page.get_by_text("变更 9 人、退出 7 人").wait_for()
        seen(page, "roster-confirm")
        page.get_by_role("button", name="批准并执行").click()
        page.get_by_text("已生效。").wait_for()
        seen(page, "roster-applied")
    assert ReliefStatus.objects.filter(ended_by__isnull=False).count() == 7 + 9

    with portal.browse(maker) as page:
        page.goto(address)
        page.get_by_role("link", name="回退本批").click()
        page.get_by_label("原因").fill("民政来函更正")
        seen(page, "roster-revoke")
        page.get_by_role("button", name="回退本批").click()
        page.get_by_text("0 项已发生结算，未回退。").wait_for()
    assert ReliefStatus.objects.count() == 200
    assert not ReliefStatus.objects.filter(ended_by__isnull=False).exists()


def test_the_desk_is_done_by_keyboard_alone(portal: Portal) -> None:
    maker = a_clerk("relief-youxian", Duty.RELIEF)
    batch = rosters.stage(
        content=(DATA / "2023-05-civil-affairs.xlsx").read_bytes(),
        file_name="名单.xlsx",
        source="civil_affairs",
        month="2023-05",
        area_code=YOUXIAN,
        by=maker,
    ).batch
    line = RosterEntry.objects.filter(batch=batch, code="id_missing").values_list("line", flat=True).get()

    with portal.browse(maker) as page:
        page.goto(f"/relief/rosters/{batch.pk}/?verdict=error")
        for _ in range(200):
            if page.evaluate("document.activeElement.id") == f"fix-{line}":
                break
            page.keyboard.press("Tab")
        page.keyboard.type("510704200501278239")
        page.keyboard.press("Enter")
        page.get_by_text(f"第 {line} 行已改正").wait_for()
    assert RosterEntry.objects.get(batch=batch, line=line).settled_how == "fixed"

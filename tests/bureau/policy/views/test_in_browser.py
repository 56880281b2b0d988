"""The law in a real browser: from the menu to a number, its clause and its history, by keyboard alone."""

from __future__ import annotations

import pytest

from bureau.organization.terms import Duty
from tests.browser import Portal
from tests.factories import people
from tests.factories.policy import a_release

pytestmark = pytest.mark.slow


def test_from_the_menu_to_a_clause_by_keyboard(portal: Portal) -> None:
    a_release()
    counter = people.a_clerk("counter-youxian", Duty.COUNTER)

    with portal.browse(counter) as page:
        page.goto("/")
        page.get_by_role("link", name="待遇一览", exact=True).first.press("Enter")
        page.wait_for_url("**/policy/benefits/")
        page.get_by_label("参保人").select_option(label="职工医保（退休）")
        page.get_by_label("日期").fill("2023-05-01")
        page.get_by_label("日期").press("Enter")
        page.wait_for_url("**person=employee%2Fretired**")
        tertiary = page.locator("tbody", has_text="普通门诊").locator("tr", has_text="三级").first
        # Retired, tertiary, in the own pool: 60 % (YX-66).
        tertiary.get_by_role("link", name="60%").first.press("Enter")
        page.get_by_role("heading", name="依据：普通门诊·报销比例 60%").wait_for()
        page.get_by_role("link", name="绵阳市职工门诊共济").press("Enter")
        page.wait_for_url("**#clause-ratio")
        clause = page.locator("#clause-ratio")
        assert "三级定点医疗机构:在职职工报销50%、退休职工60%" in clause.inner_text()
        clause.get_by_role("link", name="普通门诊·报销比例").first.press("Enter")
        page.get_by_role("img", name="取值的时间轴").wait_for()
        # The day goes along: what holds on 2023-05-01 is marked.
        assert page.get_by_label("日期").input_value() == "2023-05-01"

        page.goto("/policy/compare/")
        page.get_by_label("左边", exact=True).select_option(label="绵阳市（随系统附带）")
        page.get_by_label("右边", exact=True).select_option(label="温州市（随系统附带）")
        page.get_by_label("左边日期").fill("2023-05-01")
        page.get_by_label("右边日期").fill("2023-05-01")
        page.get_by_role("button", name="对照").press("Enter")
        page.get_by_role("row", name="大病起付标准").get_by_text("20,000.00 元").wait_for()

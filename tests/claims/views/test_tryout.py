"""试算: worked numbers, two laws beside each other to the fen, errors at their fields, nothing kept."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.services import releases
from bureau.trail.models import ActionLog, ReadRecord
from claims.models import Adjudication, Claim, PersonYear
from tests.browser import Portal, grave_findings
from tests.claims.views.conftest import May, a_may
from tests.factories import month, people

Enter = Callable[[Staff], Client]
TRYOUT = "/tryout/"
PERSON = {"scheme": "employee", "employment": "in_service", "relief": "none", "chronic_count": "0"}
VISIT = {"on": "2023-05-10", "care": "outpatient", "level": "tertiary", "place": "same_pool", "total": "1000.20"}


def sent(*visits: dict[str, str], person: dict[str, str] | None = None, **more: str) -> dict[str, str]:
    """The form as a browser sends it, by the law in force and nothing to compare with."""
    answers = {"rows": str(len(visits)), "action": "calculate", "a-law": Release.objects.get(stage="published").sha256}
    answers |= person or PERSON
    for number, visit in enumerate(visits):
        answers |= {f"r{number}-{name}": value for name, value in visit.items()}
    return answers | {name.replace("_", "-", 1): value for name, value in more.items()}


def sums(answer: Any) -> dict[str, tuple[list[int], int]]:
    return {title: (amounts, difference) for title, amounts, difference in answer.context["result"].sums}


@pytest.fixture
def officer() -> Staff:
    month.the_law()
    return people.a_clerk("", Duty.POLICY, area_code=month.CITY)


@pytest.mark.django_db
class TestByOneLaw:
    def test_a_year_is_computed_in_the_order_of_its_rows(self, officer: Staff, signed_in: Enter) -> None:
        second = VISIT | {"on": "2023-03-01", "total": "300.00", "excluded": "100.00"}

        answer = signed_in(officer).post(TRYOUT, sent(VISIT, second))

        # 1,000.20 − 200.00 = 800.20, half of it 400.10; then 200.00 eligible, half of it 100.00.
        assert sums(answer)["统筹基金支付"] == ([500_10], 0)
        assert sums(answer)["个人负担"] == ([800_10], 0)
        page = answer.content.decode()
        assert "年度起付标准 200.00，此前已扣 200.00，本次扣 0.00" in page
        assert "访谈·起付标准" in page
        assert "每一元的去向：总额 1,300.20 元" in page

    def test_nothing_is_kept(self, officer: Staff, signed_in: Enter) -> None:
        client = signed_in(officer)
        with CaptureQueriesContext(connection) as taken:
            client.post(TRYOUT, sent(VISIT))

        written = [query["sql"] for query in taken if re.match(r"INSERT|UPDATE|DELETE|COPY", query["sql"])]
        assert [sql for sql in written if "django_session" not in sql] == []
        assert len(taken) <= 10, [query["sql"][:90] for query in taken]
        assert not Claim.objects.exists()

    def test_it_is_quick_once_the_law_is_compiled(self, officer: Staff, signed_in: Enter) -> None:
        client, answers = signed_in(officer), sent(*[VISIT] * 8, b_law="city:hangzhou")
        client.post(TRYOUT, answers)
        cost = []
        for _ in range(3):
            began = time.process_time()
            client.post(TRYOUT, answers)
            cost.append(time.process_time() - began)

        # Of the processor alone: other work on the machine does not count.
        assert min(cost) < 0.3


@pytest.mark.django_db
class TestTwoBesideEachOther:
    def test_two_days(self, officer: Staff, signed_in: Enter) -> None:
        answer = signed_in(officer).post(TRYOUT, sent(VISIT, b_on="2022-05-10"))

        # In 2022 employees' visits were not covered.
        assert sums(answer)["统筹基金支付"] == ([400_10, 0], -400_10)
        assert sums(answer)["个人负担"] == ([600_10, 1_000_20], 400_10)
        page = answer.content.decode()
        assert "−400.10" in page
        assert "仅乙" in page  # 不予保障
        assert "差额（乙 − 甲）" in page

    def test_two_cities(self, officer: Staff, signed_in: Enter) -> None:
        stay = VISIT | {"care": "inpatient", "total": "20000.00"}
        person = PERSON | {"scheme": "resident", "employment": ""}

        answer = signed_in(officer).post(TRYOUT, sent(stay, person=person, b_law="city:hangzhou"))

        # Mianyang: (20,000 − 800) × 60 % = 11,520; Hangzhou: (20,000 − 800) × 70 % = 13,440.
        assert sums(answer)["统筹基金支付"] == ([11_520_00, 13_440_00], 1_920_00)

    def test_a_draft_and_only_for_those_who_may_see_it(self, officer: Staff, signed_in: Enter) -> None:
        text = packs.pack_bytes("mianyang").decode()
        assert text.count("in_service: 200元") == 1
        # The draft fails its own examples, which are checked at its publication, not here.
        raised = text.replace("in_service: 200元", "in_service: 300元")
        draft = releases.draft(city="mianyang", content=raised.encode(), by=officer)

        answer = signed_in(officer).post(TRYOUT, sent(VISIT, b_law=draft.sha256))
        # (1,000.20 − 300.00) × 50 % = 350.10
        assert sums(answer)["统筹基金支付"] == ([400_10, 350_10], -50_00)

        clerk = signed_in(people.a_clerk("", Duty.COUNTER))
        refused = clerk.post(TRYOUT, sent(VISIT, b_law=draft.sha256))
        assert "result" not in refused.context
        assert "草稿" not in refused.content.decode()

    def test_what_the_second_leaves_empty_is_as_in_the_first(self, officer: Staff, signed_in: Enter) -> None:
        stay = VISIT | {"care": "inpatient", "total": "20000.00"}
        answer = signed_in(officer).post(TRYOUT, sent(stay, a_on="2022-05-10", b_law="city:wenzhou"))

        assert [column.label[-10:] for column in answer.context["result"].columns] == ["2022-05-10", "2022-05-10"]
        # In service: (20,000 − 800) × 80 % = 15,360; Wenzhou: (20,000 − 900) × 80 % = 15,280.
        assert sums(answer)["统筹基金支付"] == ([15_360_00, 15_280_00], -80_00)

    def test_the_same_law_twice_is_the_same(self, officer: Staff, signed_in: Enter) -> None:
        answer = signed_in(officer).post(TRYOUT, sent(VISIT, b_on="2023-06-10"))

        assert all(difference == 0 for _, difference in sums(answer).values())
        assert "甲乙相同" in answer.content.decode()


@pytest.mark.django_db
class TestRows:
    def test_a_row_is_added_with_what_is_usual_and_taken_away_where_one_wants(
        self, officer: Staff, signed_in: Enter
    ) -> None:
        client = signed_in(officer)
        second = VISIT | {"total": "2.00", "care": "inpatient"}

        added = client.post(TRYOUT, sent(VISIT, second) | {"action": "add"}).context["tried"].visits
        assert [form["total"].value() for form in added] == ["1000.20", "2.00", None]
        assert [form["care"].value() for form in added] == ["outpatient", "inpatient", "inpatient"]

        left = client.post(TRYOUT, sent(VISIT, second, VISIT) | {"action": "remove-0"}).context["tried"].visits
        assert [form["total"].value() for form in left] == ["2.00", "1000.20"]

    @pytest.mark.parametrize("action", ["remove-", "remove-99", "remove-x", "nonsense", "remove-²"])
    def test_what_no_button_sends_changes_nothing(self, officer: Staff, signed_in: Enter, action: str) -> None:
        answer = signed_in(officer).post(TRYOUT, sent(VISIT, VISIT) | {"action": action})

        assert answer.status_code == 200
        assert [form["total"].value() for form in answer.context["tried"].visits] == ["1000.20", "1000.20"]

    def test_nobody_gets_a_thousand_rows(self, officer: Staff, signed_in: Enter) -> None:
        answer = signed_in(officer).post(TRYOUT, sent(VISIT) | {"rows": "999", "action": "add"})

        assert len(answer.context["tried"].visits) == 40


@pytest.mark.django_db
class TestErrors:
    @pytest.mark.parametrize(
        ("changed", "sentence"),
        [
            ({"r0-total": ""}, "第 1 张：请填写医疗费总额。"),
            ({"r0-total": "1.234"}, "第 1 张：金额“1.234”多于两位小数，请写到分。"),
            ({"r0-total": "-5.00"}, "为负。"),
            ({"r0-excluded": "2000.00"}, "大于总额"),
            ({"r0-on": "2023-02-30"}, "第 1 张：日期应写成 2023-05-04。"),
            ({"r0-on": "2021-12-31"}, "没有生效的政策"),
            ({"employment": ""}, "职工请选择在职或退休。"),
            ({"insured_area": "5107"}, "参保地应为六位行政区划代码"),
            ({"chronic_count": "x"}, "病种数应为 0 到 9 的整数。"),
            ({"b-on": "2019-01-01"}, "2019-01-01 没有生效的政策"),
        ],
    )
    def test_stand_at_their_field_in_chinese(
        self, officer: Staff, signed_in: Enter, changed: dict[str, str], sentence: str
    ) -> None:
        answer = signed_in(officer).post(TRYOUT, sent(VISIT) | changed)

        page = answer.content.decode()
        assert answer.context.get("result") is None
        shown = re.findall(r'<p class="field__error">(.*?)</p>', page)
        assert len(shown) == 1
        [(target, said)] = answer.context["errors"]
        assert sentence in said
        assert f'id="{target}"' in page

    def test_two_years_at_once_unless_both_are_moved(self, officer: Staff, signed_in: Enter) -> None:
        client, late = signed_in(officer), VISIT | {"on": "2024-01-02"}

        refused = client.post(TRYOUT, sent(VISIT, late))
        moved = client.post(TRYOUT, sent(VISIT, late) | {"a-on": "2023-05-10"})

        assert "第 2 张：一次试算同一年度的单据；第 1 张是 2023 年。" in strip_tags(refused.content.decode())
        assert sums(moved)["统筹基金支付"] == ([900_20], 0)


@pytest.mark.django_db
class TestFromARealYear:
    def take(self, client: Client, code: str, number: str) -> Any:
        return client.post(TRYOUT, {"action": "take", "code": code, "number": number})

    def test_the_facts_come_without_the_person(self, may: May, reviewer: Staff, signed_in: Enter) -> None:
        client = signed_in(reviewer)
        answer = self.take(client, "H51078100002", "ZY-1")
        page = answer.content.decode()

        assert may.poor.name not in page
        assert may.poor.id_number[-4:] not in strip_tags(page)
        person, [visit] = answer.context["tried"].person, answer.context["tried"].visits
        assert person["relief"].value() == "subsistence"
        assert visit["level"].value() == "secondary"
        assert ReadRecord.objects.filter(screen="tryout", subject_key=str(may.poor.pk), by=reviewer).exists()

        names = {form.add_prefix(name): form[name].value() for form in (person, visit) for name in form.fields}
        plain = {name: "" if value is None or value is False else str(value) for name, value in names.items()}
        computed = client.post(TRYOUT, sent(VISIT) | plain | {"r0-total": "60000.00"})
        held = Adjudication.objects.get(claim__number="ZY-1")
        assert sums(computed)["医疗救助支付"] == ([held.assistance], 0)
        assert sums(computed)["个人负担"] == ([3_069_00], 0)

    def test_of_another_county_nothing_can_be_taken(self, may: May, reviewer: Staff, signed_in: Enter) -> None:
        assert self.take(signed_in(reviewer), "H51078100002", "MZ-9").status_code == 404
        assert not ActionLog.objects.filter(action__startswith="tryout").exists()

    def test_a_year_of_changing_facts_says_so(self, may: May, reviewer: Staff, signed_in: Enter) -> None:
        people.a_recognition(may.worker, valid_from=date(2023, 5, 12))
        month.filed(may.first, month.Bill("MZ-5", may.worker, "10.00", on=date(2023, 5, 20)))
        month.adjudicated()
        assert PersonYear.objects.get(person=may.worker).last_sequence == 2

        answer = self.take(signed_in(reviewer), "H51070400001", "MZ-5")

        assert "身份有变" in answer.content.decode()
        assert [form["total"].value() for form in answer.context["tried"].visits] == ["1000.20", "10.00"]


@pytest.mark.django_db
def test_it_asks_for_a_duty_and_an_address_carries_nothing(officer: Staff, signed_in: Enter) -> None:
    assert signed_in(people.a_clerk("", Duty.TRAIL)).get(TRYOUT).status_code == 403
    answer = signed_in(officer).get(f"{TRYOUT}?r0-total=5&action=calculate")
    assert "result" not in answer.context


@pytest.mark.slow
def test_by_keyboard_alone_and_without_barrier(portal: Portal) -> None:
    a_may()
    with portal.browse(people.a_clerk("", Duty.REVIEW_FIRST)) as page:
        page.goto("/claims/H51078100002/ZY-1/")
        page.get_by_role("button", name="用此人此年试算").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{TRYOUT}")
        page.get_by_role("group", name="乙").get_by_label("政策").select_option(label="杭州市政策文件")
        page.get_by_label("第 1 张 总额").fill("50000.00")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="全年合计").wait_for()

        assert grave_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 1366
        # (50,000 − 400) × 75 % = 37,200.00; Hangzhou: (50,000 − 600) × 75 % = 37,050.00.
        row = page.locator("section[aria-labelledby=sums-title] > table tr", has_text="统筹基金支付")
        assert row.locator("td").all_inner_texts() == ["37,200.00", "37,050.00", "−150.00"]

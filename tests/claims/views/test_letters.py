"""The letter to a citizen: every sentence to the word and the fen, one page of paper, and the look written down."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.html import strip_tags

from bureau.kernel.terms import Care, ReliefCategory, Scheme
from bureau.organization.models import Office, Staff
from bureau.trail.models import ReadRecord
from enrollment.models import Enrollment
from tests.browser import Portal, grave_findings
from tests.claims.views.conftest import May
from tests.factories import month, people, relief
from tests.factories.month import Bill

Enter = Callable[[Staff], Client]
LETTER = "/claims/letter"


def told(page: str) -> list[str]:
    """The numbered sentences as one reads them."""
    [listed] = re.findall(r'<ol class="letter__told">(.*?)</ol>', page, re.S)
    return [" ".join(strip_tags(item).split()) for item in re.findall(r"<li>(.*?)</li>", listed, re.S)]


@pytest.mark.django_db
def test_an_employees_visit_is_told_in_full(may: May, reviewer: Staff, signed_in: Enter) -> None:
    page = signed_in(reviewer).get(f"{LETTER}/H51070400001/MZ-1/").content.decode()

    assert told(page) == [
        f"2023年5月10日，您在{may.first.name}就医（普通门诊），医疗费总额 1,000.20 元。全部费用按政策计算报销。",
        "起付标准是一年内先由个人承担、达到以后医保才开始报销的金额，您适用的标准为 200.00 元；"
        "此前已承担 0.00 元，本次承担 200.00 元。依据〔1〕",
        "800.20 元按 50% 的比例报销，得 400.10 元，由统筹基金支付 400.10 元。依据〔2〕",
        "合计：统筹基金 400.10 元由基金支付，您个人负担 600.10 元。",
    ]
    assert "〔1〕《绵阳市职工门诊共济（局长访谈 2023-05-31）》访谈·起付标准，2023-01-01 起" in page
    # 2,000.00 a year, 400.10 used.
    assert re.search(r"普通门诊、药店购药年度最高支付限额</th>.*?2,000.00.*?400.10.*?1,599.90", page, re.S)
    assert may.worker.id_number not in page
    assert f"{may.worker.id_number[:3]}***********{may.worker.id_number[-4:]}" in page
    assert f"打印：{reviewer}" in page
    assert ReadRecord.objects.filter(by=reviewer, subject_key=str(may.worker.pk), screen="claim").exists()


@pytest.mark.django_db
def test_a_stay_of_somebody_on_subsistence_is_told_with_every_payer(
    may: May, reviewer: Staff, signed_in: Enter
) -> None:
    Office.objects.create(area_id=people.YOUXIAN, name="游仙区医保经办窗口", kind="agency")
    page = signed_in(reviewer).get(f"{LETTER}/H51078100002/ZY-1/").content.decode()

    # 60,000.00 − 400.00 = 59,600.00 × 75 %; 15,300.00 − 7,500.00 = 7,800.00 × 65 %; 10,230.00 × 70 %.
    assert told(page) == [
        f"您在{may.second.name}住院治疗（2023年5月21日出院），医疗费总额 60,000.00 元。全部费用按政策计算报销。",
        "起付标准是每次先由个人承担的金额，您适用的标准为 400.00 元，本次承担 400.00 元。假定值依据〔1〕",
        "59,600.00 元按 75% 的比例报销，得 44,700.00 元，由统筹基金支付 44,700.00 元。假定值依据〔1〕",
        "大病保险对一年内个人承担的政策范围内费用累计超过 7,500.00 元的部分再次报销；您今年累计 15,300.00 元，"
        "超过的部分分段按比例报销，本次支付 5,070.00 元。假定值依据〔2〕〔3〕",
        "您的救助身份是低保对象，医疗救助对余下的 10,230.00 元再给予帮助：按 70% 救助，支付 7,161.00 元。"
        "假定值依据〔4〕",
        "合计：统筹基金 44,700.00 元、大病保险 5,070.00 元、医疗救助 7,161.00 元，共 56,931.00 元由基金支付，"
        "您个人负担 3,069.00 元。",
    ]
    assert "您可以持本告知书到游仙区医保经办窗口申请复核" in page
    assert "标“假定值”的数没有文件给出" in page


@pytest.mark.django_db
def test_what_is_not_covered_is_said_with_its_clause(may: May, reviewer: Staff, signed_in: Enter) -> None:
    month.filed(may.first, Bill("LB-1", may.worker, "90.00", Care.TWO_DISEASES, excluded="10.00"))
    month.adjudicated()

    page = signed_in(reviewer).get(f"{LETTER}/H51070400001/LB-1/").content.decode()

    assert told(page) == [
        f"2023年5月10日，您在{may.first.name}就医（两病用药），医疗费总额 90.00 元。"
        "其中全自费 10.00 元（医保目录以外的项目）由您个人承担；其余 80.00 元按政策计算报销。",
        "按现行政策，您的险种对“两病用药”费用不予报销。依据〔1〕",
        "因此基金没有支付，90.00 元全部由您个人负担。",
    ]
    assert "依据的文件" in page


@pytest.mark.django_db
def test_what_cannot_be_computed_is_said_with_its_reason(may: May, reviewer: Staff, signed_in: Enter) -> None:
    Enrollment.objects.filter(person=may.worker).update(valid_until=date(2023, 5, 1))
    client = signed_in(reviewer)
    month.filed(may.first, Bill("MZ-8", may.worker, "50.00", on=date(2023, 4, 1)))
    too_early = client.get(f"{LETTER}/H51070400001/MZ-8/")
    assert too_early.status_code == 409
    assert "还在等待核算" in too_early.content.decode()
    assert month.adjudicated().problems == 1

    page = client.get(f"{LETTER}/H51070400001/MZ-8/").content.decode()

    assert told(page)[1] == ("这笔费用目前不能计算报销，原因是：单据 MZ-1：就医日未参保。原因消除后，将自动重新计算。")
    assert "游仙区医疗保障经办机构申请复核" in page


@pytest.mark.django_db
def test_a_letter_of_another_county_is_not_to_be_had(may: May, reviewer: Staff, signed_in: Enter) -> None:
    assert signed_in(reviewer).get(f"{LETTER}/H51078100002/MZ-9/").status_code == 404


@pytest.mark.slow
def test_the_longest_letter_fits_on_one_page(portal: Portal) -> None:
    """Everything at once: parts outside the scope, care away, a late stay after a dear one, relief with its line."""
    poor = people.a_person(name="欧阳建国")
    people.an_enrollment(poor, scheme=Scheme.RESIDENT)
    relief.a_status(poor, ReliefCategory.MARGINAL)
    month.the_law()
    hospital = month.a_paid_hospital(code="H51070400001")
    hospital.name = "绵阳市游仙区中医骨伤科与老年病综合治疗医院（省第二临床教学基地）"
    hospital.save()
    stays = [
        Bill("ZY-1", poor, "590000.00", Care.INPATIENT, date(2023, 5, 5)),
        Bill(
            "ZY-2", poor, "98765.43", Care.SERIOUS, date(2023, 5, 21), "4321.09", "1234.56", "2345.67", "110101", "no"
        ),
    ]
    month.filed(hospital, *stays)
    month.adjudicated()

    with portal.browse(month.an_accountant()) as page:
        page.goto("/claims/H51070400001/ZY-1/")
        page.get_by_role("link", name="打印告知书").click()
        page.wait_for_url(f"**{LETTER}/H51070400001/ZY-1/")
        assert grave_findings(page) == []
        for number in ("ZY-1", "ZY-2"):
            page.goto(f"{LETTER}/H51070400001/{number}/")
            printed = page.pdf(prefer_css_page_size=True)
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, number

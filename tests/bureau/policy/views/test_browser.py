"""The pages of the law: what stands on them, who reads them, how many queries they take."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.services import releases
from tests.factories import people, policy
from tests.factories.policy import a_release

pytestmark = pytest.mark.django_db
Read = Callable[[str], str]
PAGES = [
    "/policy/benefits/",
    "/policy/benefits/ratio/?person=employee/in_service&care=outpatient&level=tertiary&relation=same_pool&on=2023-05-01",
    "/policy/parameters/",
    "/policy/parameters/?q=YX-66",
    "/policy/parameters/outpatient.ratio/",
    "/policy/documents/",
    "/policy/documents/mianyang-outpatient-2023/",
    "/policy/changes/",
    "/policy/changes/2023-01-01/",
    "/policy/compare/?a=mianyang&a_on=2023-05-01&b=wenzhou&b_on=2023-05-01",
    "/policy/ending/",
    "/policy/assumed/",
]


@pytest.fixture
def release() -> Release:
    return a_release()


@pytest.fixture
def client_of_a_county(release: Release) -> Client:
    client = Client()
    client.force_login(people.a_clerk("counter-youxian", Duty.COUNTER))
    return client


@pytest.fixture
def read(client_of_a_county: Client) -> Read:
    """The words of a page, for a clerk at a county's counter."""

    def page(address: str) -> str:
        answer = client_of_a_county.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        text = re.sub(r"<[^>]*>", " ", answer.content.decode().partition("<main")[2])
        return " ".join(html.unescape(text).split())

    return page


@pytest.mark.parametrize("address", PAGES)
def test_every_page_takes_few_queries_and_holds_no_inline_style(client_of_a_county: Client, address: str) -> None:
    client_of_a_county.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client_of_a_county.get(address)

    assert answer.status_code == 200
    assert len(queries) <= 10
    page = answer.content.decode()
    assert "style=" not in page.replace("stylesheet", "")
    assert "<script>" not in page


@pytest.mark.parametrize("address", PAGES)
def test_who_has_no_business_with_the_law_is_refused(release: Release, address: str) -> None:
    client = Client()
    client.force_login(people.a_clerk("trail", Duty.TRAIL))

    assert client.get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_the_matrix_gives_each_number_its_own_page(read: Read, client_of_a_county: Client) -> None:
    page = read("/policy/benefits/?person=employee/in_service&on=2023-05-01")

    assert "普通门诊 一级及以下、二级、药店 200 60% 2,000 200 60% 2,000 200 50% 2,000" in page
    assert "三级 200 50% 2,000 200 50% 2,000 200 40% 2,000" in page
    assert "两病用药 不予支付" in page
    assert "统筹基金年度封顶 400,000.00 元" in page
    addresses = re.findall(
        r'href="(/policy/benefits/[a-z_]+/\?[^"]*)"', client_of_a_county.get("/policy/benefits/").content.decode()
    )
    assert len(addresses) > 150
    for address in addresses[::25]:
        assert client_of_a_county.get(html.unescape(address)).status_code == 200


def test_a_number_says_value_unit_document_place_quote_days_changes_and_use(read: Read) -> None:
    page = read(
        "/policy/benefits/ratio/?person=employee/retired&care=outpatient&level=tertiary&relation=other_province&on=2023-05-01"
    )

    # 60 % of the retired, less ten points abroad without filing.
    assert "报销比例" in page
    assert "50% 险种 职工医保 就业状态 退休 医疗类别 普通门诊 机构等级 三级 就医地 省外 异地备案 未备案" in page
    assert "依据：普通门诊·报销比例 60%" in page
    assert "再经调整：调整·报销比例 −10 个百分点" in page
    assert "绵阳市职工门诊共济（局长访谈 2023-05-31）" in page
    assert "位置 访谈·报销比例" in page
    assert "三级定点医疗机构:在职职工报销50%、退休职工60%" in page
    assert "有效期 2023-01-01 起" in page
    assert "待遇计算：按比例报销" in page
    assert "YX-66" in page


def test_an_assumed_number_says_so(read: Read) -> None:
    page = read("/policy/benefits/limit/?person=resident/&care=outpatient&level=primary&on=2023-05-01")

    assert "300.00 元" in page
    assert "假定值" in page
    assert "没有文件" not in page


def test_one_parameter_over_the_days(read: Read) -> None:
    page = read("/policy/parameters/chronic.annual_limit/?on=2022-06-01")

    assert "职工医保·门诊慢性病·一种 1,000.00 元 2022-01-01 至 2022-12-31 现行" in page
    assert "职工医保·门诊慢性病·一种 2,000.00 元 2023-01-01 起 未生效" in page
    assert "已失效" not in page.partition("取值 8 个")[2].partition("适用")[2]
    later = read("/policy/parameters/chronic.annual_limit/?on=2023-06-01")
    assert "职工医保·门诊慢性病·一种 1,000.00 元 2022-01-01 至 2022-12-31 已失效" in later


def test_a_parameter_names_its_use_its_changes_and_what_documents_demand(read: Read) -> None:
    assert "月结算：按应付额预留质量保证金" in read("/policy/parameters/settlement.quality_deposit_rate/")
    assert "测算：个人账户加门诊限额" in read("/policy/parameters/account.credit_rate/")
    page = read("/policy/parameters/inpatient.ratio/")
    assert "会改变它的调整" in page
    assert "调整·报销比例 省外·未备案 −10 个百分点" in page


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("缓缴", "检索“缓缴”：1 个参数，3 个取值，2 条条款"),
        ("YX-13", "检索“YX-13”：3 个参数，6 个取值，3 条条款"),
        ("account.relatives", "1 个参数，1 个取值，1 条条款"),
        ("月球", "没有符合的参数"),
    ],
)
def test_search_by_words_names_and_requirements(read: Read, words: str, found: str) -> None:
    assert found in read(f"/policy/parameters/?q={words}")


def test_a_clause_has_an_address_of_its_own(client_of_a_county: Client, read: Read) -> None:
    page = client_of_a_county.get("/policy/documents/mianyang-maternity/").content.decode()

    assert 'id="clause-resident"' in page
    assert "城乡居民医保生育报销限额提高至顺产1500元、剖宫产2000元" in page
    assert "居民顺产、剖宫产限额，按次计 2" in read("/policy/documents/mianyang-maternity/")


def test_what_new_year_2023_changed(read: Read) -> None:
    assert "2023-01-01 30 报销比例 6 处、起付标准 2 处、年度限额 6 处" in read("/policy/changes/?on=2023-05-01")
    page = read("/policy/changes/2023-01-01/")
    assert "职工医保（在职）·普通门诊、药店购药·三级 不予支付 50%" in page
    assert "职工医保·门诊慢性病 70% 75%" in page
    assert "访谈·报销比例" in page


def test_two_cities_and_two_days_side_by_side(read: Read) -> None:
    cities = read("/policy/compare/?a=mianyang&a_on=2023-05-01&b=wenzhou&b_on=2023-05-01")
    assert "大病起付标准 全部 15,000.00 元 20,000.00 元" in cities
    days = read("/policy/compare/?a=hangzhou&a_on=2021-12-31&b=hangzhou&b_on=2022-01-01")
    assert "桐庐县、淳安县、建德市·省内统筹区外·未备案 10% 不设" in days
    same = read("/policy/compare/?a=hangzhou&a_on=2022-05-01&b=hangzhou&b_on=2022-06-01")
    assert "两边完全相同" in same


def test_what_is_assumed_can_be_narrowed(read: Read) -> None:
    assert "由经办机构假定的取值：" in read("/policy/assumed/")
    page = read("/policy/assumed/?q=保证金")
    assert "假定的取值：1 个" in page
    assert "质量保证金比例 全部 5% 2022-01-01 起 现行" in page
    assert "假定的取值：2 个" in read("/policy/assumed/?q=缓缴")
    assert "假定的取值：1 个" in read("/policy/assumed/?q=缓缴&only=ended&on=2023-05-01")


def test_what_ends_without_a_successor_is_listed_ninety_days_before(client_of_a_county: Client, read: Read) -> None:
    assert "没有即将到期的取值" in read("/policy/ending/?on=2022-12-01")
    content = packs.pack_bytes("mianyang").replace(
        b"clause: family, for: {scheme: employee}, from: 2023-01-01, value: spouse",
        b"clause: family, for: {scheme: employee}, from: 2023-01-01, until: 2023-09-01, value: spouse",
    )
    drafter = people.a_clerk("p2", Duty.POLICY, area_code="510700")
    policy.enacted(releases.draft(city="mianyang", content=content, by=drafter))

    assert "没有接续的取值：0 个" in read("/policy/ending/?on=2023-06-02")
    page = read("/policy/ending/?on=2023-06-03")
    assert "没有接续的取值：1 个" in page
    assert "可以使用账户的家庭成员 职工医保 配偶、父母、子女 2023-01-01 至 2023-08-31" in page


def test_an_older_release_stays_readable_and_a_draft_only_for_those_who_work_on_it(
    client_of_a_county: Client, release: Release
) -> None:
    content = packs.pack_bytes("mianyang").replace("假定·二三级住院".encode(), "假定·二三级医院住院".encode())
    drafter = people.a_clerk("p3", Duty.POLICY, area_code="510700")
    draft = releases.draft(city="mianyang", content=content, by=drafter)
    address = f"/policy/parameters/?release={draft.sha256[:12]}"

    refused = client_of_a_county.get(address)
    assert refused.status_code == 409
    assert "或它还是草案" in refused.content.decode()
    client = Client()
    client.force_login(drafter)
    assert "不是现行政策" in client.get(address).content.decode()
    policy.enacted(draft)
    former = client_of_a_county.get(f"/policy/documents/?release={release.sha256}")
    assert former.status_code == 200
    assert "正在查看：绵阳市第 1 次发布（已失效）" in former.content.decode()


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/policy/parameters/no.such/", 404),
        ("/policy/documents/no-such/", 404),
        ("/policy/changes/2023-01-02/", 404),
        ("/policy/changes/2023-02-30/", 404),
        ("/policy/benefits/no_such/", 409),
        ("/policy/benefits/?on=2019-01-01", 409),
        ("/policy/benefits/?on=gestern&person=x&pool=y&relief=z", 200),
        ("/policy/benefits/ratio/?care=x&level=y&relation=z", 200),
        ("/policy/parameters/?release=zzzzzzzzzzzz", 409),
        ("/policy/compare/?a=x&b=y", 200),
        ("/policy/parameters/?on=2023-13-45&release=%00", 400),
    ],
)
def test_a_bad_address_is_answered_in_a_sentence(client_of_a_county: Client, address: str, status: int) -> None:
    assert client_of_a_county.get(address).status_code == status


def test_without_a_release_the_pages_say_what_to_do() -> None:
    client = Client()
    client.force_login(people.a_clerk("counter-youxian", Duty.COUNTER))
    answer = client.get("/policy/parameters/")

    assert answer.status_code == 409
    assert "还没有发布任何政策" in answer.content.decode()


def test_the_search_box_finds_parameters(client_of_a_county: Client) -> None:
    page = client_of_a_county.post("/search/", {"q": "缓缴"}).content.decode()
    assert "/policy/parameters/contribution.deferral/" in page
    assert "政策参数" not in client_of_a_county.post("/search/", {"q": "缴"}).content.decode().partition("<main")[2]
    exact = client_of_a_county.post("/search/", {"q": "outpatient.ratio"})
    assert exact.headers["Location"] == "/policy/parameters/outpatient.ratio/"


def test_a_city_with_several_pooling_areas_is_asked_for_one() -> None:
    """HZ-21: ten percent first for the insured of Jiande, in the province, without filing, until 2021."""
    a_release("hangzhou")
    client = Client()
    client.force_login(people.a_clerk("counter-youxian", Duty.COUNTER))

    before = client.get("/policy/benefits/?person=resident/&pool=jiande&on=2021-12-31").content.decode()
    assert '<option value="jiande" selected>建德市</option>' in before
    # Lines of a resident: outpatient, chronic, serious, inpatient by three levels, two diseases, dialysis, two births.
    assert before.count("先自付 10%") == 4 * 3 + 1 + 1 + 2
    after = client.get("/policy/benefits/?person=resident/&on=2022-01-01").content.decode()
    assert 'name="pool"' not in after
    assert "先自付" not in after

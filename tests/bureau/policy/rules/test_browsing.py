"""The browser's reading of the packs: names, values, the matrix of benefits, and who reads a parameter."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import benefits, catalog, phrasing, timeline, uses
from bureau.policy.rules.benefits import Person, Visit
from bureau.policy.rules.mechanisms import CITY
from bureau.policy.rules.packs import cities, load_city
from bureau.policy.rules.vocabulary import MECHANISMS, POOL_KINDS
from tests.conftest import CHECKOUT

rules = cache(load_city)
MAY = date(2023, 5, 1)
WORKER = Person(MAY, "mianyang", "employee", "in_service")
RESIDENT = Person(MAY, "mianyang", "resident", "")
APPS = ("bureau", "enrollment", "institutions", "relief", "claims")


@pytest.mark.parametrize(
    ("person", "key", "visit", "words", "places"),
    [
        # YX-66: in service 60 % below tertiary; abroad without filing −10 points (YX-95).
        (WORKER, "ratio", Visit("outpatient", "secondary", "same_pool"), "60%", ["访谈·报销比例"]),
        (
            WORKER,
            "ratio",
            Visit("outpatient", "secondary", "other_province"),
            "50%",
            ["访谈·报销比例", "访谈·网友提问 5"],
        ),
        (WORKER, "ratio", Visit("outpatient", "secondary", "other_province", filing=True), "60%", ["访谈·报销比例"]),
        (WORKER, "deductible", Visit("outpatient", "primary", "same_pool"), "200.00 元", ["访谈·起付标准"]),
        (WORKER, "limit", Visit("pharmacy", "pharmacy", "same_pool"), "2,000.00 元", ["访谈·支付限额"]),
        # YX-12 and YX-89.
        (RESIDENT, "deductible", Visit("inpatient", "primary", "same_pool"), "100.00 元", ["访谈·惠民生"]),
        (RESIDENT, "deductible", Visit("inpatient", "primary", "same_province"), "1,000.00 元", ["访谈·网友提问 5"]),
        (WORKER, "ratio", Visit("two_diseases", "primary", "same_pool"), "不予支付", ["总则·保障范围"]),
        (WORKER, "ratio", Visit("inpatient", "pharmacy", "same_pool"), "不予支付", ["假定·药店"]),
        (RESIDENT, "limit", Visit("maternity_natural", "secondary", "same_pool"), "1,500.00 元", ["访谈·惠民生"]),
        (
            replace(RESIDENT, relief="subsistence"),
            "major_deductible",
            Visit("inpatient", "primary", "same_pool"),
            "7,500.00 元",
            ["假定·大病保险", "假定·大病倾斜"],
        ),
        (
            replace(RESIDENT, relief="subsistence"),
            "major_bands",
            Visit("inpatient", "primary", "same_pool"),
            "至 50,000.00 元 65%；至 100,000.00 元 70%；以上 75%",
            ["假定·大病保险", "假定·大病倾斜"],
        ),
    ],
)
def test_a_number_of_mianyang_with_everything_that_gives_it(
    person: Person, key: str, visit: Visit, words: str, places: list[str]
) -> None:
    found = benefits.value(rules("mianyang"), key, person, visit)

    assert found.words == words
    assert [row.clause.at for row in found.grounds] == places


def test_a_deductible_is_of_the_year_or_of_each_stay() -> None:
    """YX-65: once a year over outpatient care and pharmacies; a stay each time, serious care once (YX-62)."""
    rulebook = rules("mianyang")
    said = {
        care: benefits.value(rulebook, "deductible_pool", WORKER, Visit(care, "primary", "same_pool")).words
        for care in ("outpatient", "pharmacy", "inpatient", "serious", "dialysis")
    }

    assert said == {
        "outpatient": "全年合并累计（outpatient_deductible）",
        "pharmacy": "全年合并累计（outpatient_deductible）",
        "inpatient": "每次单独计算",
        "serious": "全年合并累计（serious_deductible）",
        "dialysis": "全年合并累计（serious_deductible）",
    }


def test_the_matrix_says_each_care_once_with_the_levels_that_are_alike() -> None:
    found = {care.care: care for care in benefits.matrix(rules("mianyang"), WORKER, filing=False, signed=False)}
    outpatient, chronic, stay = (found[care].lines for care in ("outpatient", "chronic", "inpatient"))

    def shown(line: benefits.Line) -> list[list[str]]:
        return [[value.short for value in place.values] for place in line.places]

    assert [line.words for line in outpatient] == ["一级及以下、二级、药店", "三级"]
    assert shown(outpatient[1]) == [["200", "50%", "2,000"], ["200", "50%", "2,000"], ["200", "40%", "2,000"]]
    assert [line.words for line in chronic] == ["各等级"]
    assert shown(chronic[0])[0] == ["不设", "75%", "2,000"]
    assert [line.words for line in stay] == ["一级及以下", "二级", "三级"]
    assert [shown(line)[0] for line in stay] == [
        ["100", "90%", "不设"],
        ["400", "85%", "不设"],
        ["800", "80%", "不设"],
    ]
    # Abroad without filing there is no relief.
    assert [[value.words for value in place.counts] for place in stay[0].places] == [
        ["是", "是"],
        ["是", "是"],
        ["是", "否"],
    ]
    assert found["two_diseases"].lines == ()


def test_prepayment_of_the_counties_of_hangzhou_stands_where_it_applies() -> None:
    """HZ-21: ten percent in the province without filing, until 2021."""
    jiande = Person(date(2021, 12, 31), "jiande", "resident", "")
    stay = benefits.matrix(rules("hangzhou"), jiande, filing=False, signed=False)[6].lines[0]

    assert [place.prepayment.words if place.prepayment else None for place in stay.places] == [None, "10%", None]
    assert "jiande" not in dict(benefits.living_pools(rules("hangzhou"), date(2022, 1, 1)))


def test_relief_is_shown_to_whom_it_is_meant() -> None:
    rulebook = rules("mianyang")
    nobody = [value.mechanism.key for value in benefits.protections(rulebook, RESIDENT)]
    poor = {
        value.mechanism.key: value for value in benefits.protections(rulebook, replace(RESIDENT, relief="marginal"))
    }

    assert nobody == ["pooled_cap", "major_deductible", "major_bands", "major_cap"]
    assert (poor["relief_ratio"].words, poor["relief_deductible"].words) == ("60%", "3,000.00 元")
    assert poor["relief_cap"].words == "50,000.00 元"


def test_a_day_or_a_pool_without_law_is_refused_in_a_sentence() -> None:
    visit = Visit("inpatient", "primary", "same_pool")
    with pytest.raises(BusinessError, match="2021-12-31 没有生效的待遇政策，请改看 2022-01-01 以后的日子"):
        benefits.value(rules("mianyang"), "ratio", replace(WORKER, day=date(2021, 12, 31)), visit)
    with pytest.raises(BusinessError, match="2022-01-01 没有统筹区“jiande”"):
        benefits.value(rules("hangzhou"), "ratio", Person(date(2022, 1, 1), "jiande", "resident", ""), visit)
    with pytest.raises(BusinessError, match=r"没有名为“waiting\.months”的待遇参数"):
        benefits.value(rules("mianyang"), "waiting.months", WORKER, visit)


@pytest.mark.parametrize(
    ("name", "title", "value"),
    [
        ("outpatient.ratio", "普通门诊·报销比例", "60%"),
        ("maternity.claim_limit", "生育·单次限额", "1,500.00 元"),
        ("waiting.months", "待遇等待期", "12 个月"),
        ("waiting.window_from", "集中征缴期开始", "9月1日"),
        ("account.relatives", "可以使用账户的家庭成员", "配偶、父母、子女"),
        ("account.retired_base_year", "平均养老金的年份", "2022 年"),
        ("major_illness.bands", "大病分段比例", "至 50,000.00 元 60%；至 100,000.00 元 65%；以上 70%"),
        ("away.not_filed", "调整·报销比例", "−10 个百分点"),
        ("major_illness.relief_deductible", "调整·大病起付标准", "×50%"),
        ("major_illness.relief_no_cap", "调整·大病年度封顶", "不设"),
    ],
)
def test_names_and_values_are_said_in_chinese(name: str, title: str, value: str) -> None:
    entry = catalog.catalog(rules("mianyang")).by_name[name]

    assert entry.title == title
    assert phrasing.value_of(entry.rows[0]) == value


@pytest.mark.parametrize("city", cities())
def test_everything_a_pack_says_has_a_name_and_a_value_in_chinese(city: str) -> None:
    rulebook = rules(city)
    for row in rulebook.rows:
        assert phrasing.title_of(row) != row.name
        assert phrasing.value_of(row)
        assert not set(phrasing.cells(row.labels, rulebook.areas)) & set("abcdefghijklmnopqrstuvwxyz_")


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("退休 门诊 2500", {"outpatient.annual_limit"}),
        ("2,500.00", {"outpatient.annual_limit"}),
        ("YX-13", {"maternity.deductible", "maternity.ratio", "maternity.claim_limit"}),
        ("yx-13 剖宫产 不设起付线", {"maternity.deductible", "maternity.ratio"}),
        ("waiting.", {"waiting.months", "waiting.window_from", "waiting.window_until"}),
        ("缓缴", {"contribution.deferral"}),
    ],
)
def test_search_finds_names_words_values_and_requirements(words: str, names: set[str]) -> None:
    found = catalog.catalog(rules("mianyang"))

    assert {entry.name for entry in catalog.entries_about(found, words)} == names


def test_search_finds_the_clause_by_what_the_document_says() -> None:
    found = catalog.catalog(rules("mianyang"))
    [passage] = catalog.passages_about(found, "剖宫产 2000元")

    assert (passage.document.id, passage.clause.key) == ("mianyang-maternity", "resident")
    assert [row.name for row in passage.rows] == ["maternity.claim_limit"] * 2
    assert len(catalog.entries_about(found, "")) == len(found.entries)


def test_values_are_past_present_or_future_on_a_day() -> None:
    entry = catalog.catalog(rules("mianyang")).by_name["contribution.deferral"]
    summer = [catalog.state_of(row, date(2022, 7, 1)) for row in entry.rows]

    assert summer == [catalog.State.PAST, catalog.State.PRESENT, catalog.State.FUTURE]
    assert [phrasing.value_of(row) for row in entry.on(date(2022, 9, 30))] == ["是"]
    assert [phrasing.value_of(row) for row in entry.on(date(2022, 10, 1))] == ["否"]


def test_a_timeline_has_a_lane_for_each_group_and_bars_to_scale() -> None:
    rulebook = rules("wenzhou")
    rows = catalog.catalog(rulebook).by_name["funding.county_per_capita"].rows
    drawn = timeline.timeline(rulebook, rows, date(2023, 1, 1))
    [lane] = drawn.lanes

    # Drawn from 2022-01-01 to a year (366 days) after the last change, 2024-01-01: 1,096 days on 780 units.
    assert [segment.x for segment in lane.segments] == [300, 300 + 780 * 365 // 1096, 300 + 780 * 730 // 1096]
    assert [segment.words for segment in lane.segments] == ["1,000.00 元", "1,200.00 元", "1,400.00 元"]
    assert drawn.today == lane.segments[1].x
    assert lane.segments[2].x + lane.segments[2].width == 1078


def test_who_reads_a_parameter_by_name_is_written_down() -> None:
    """Every name that code outside the packs asks for, and no other, is said to be read."""
    read = set()
    for app in APPS:
        for path in (CHECKOUT / app).rglob("*.py"):
            if "policy" in path.parts or "tests" in path.parts:
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and node.value in MECHANISMS and MECHANISMS[node.value].table == CITY:
                    read.add(node.value)
    assert read == set(uses.READ_BY_NAME)


def test_every_mechanism_of_the_calculation_names_its_step() -> None:
    for mechanism in (*MECHANISMS.values(), *POOL_KINDS.values()):
        assert uses.used_by(mechanism)
        assert uses.used_by(mechanism).startswith("待遇计算") is (mechanism.table != CITY)


@pytest.mark.parametrize(
    ("scheme", "employment", "ratios"),
    [("employee", "in_service", ["90%", "85%", "80%"]), ("resident", "", ["90%", "75%", "60%"])],
)
def test_care_outside_the_city_is_paid_by_scheme_and_level(scheme: str, employment: str, ratios: list[str]) -> None:
    """YX-90: filed, in another province, with the deductible of 1,000 at every level (YX-89)."""
    person = Person(MAY, "mianyang", scheme, employment)
    visits = [
        Visit("inpatient", level, "other_province", filing=True) for level in ("primary", "secondary", "tertiary")
    ]
    rulebook = rules("mianyang")

    assert [benefits.value(rulebook, "ratio", person, visit).words for visit in visits] == ratios
    assert {benefits.value(rulebook, "deductible", person, visit).words for visit in visits} == {"1,000.00 元"}

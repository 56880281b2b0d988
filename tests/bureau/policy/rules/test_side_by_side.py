"""What changed on a day, and what differs between two cities or releases: as few lines as say it all."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bureau.policy.rules import cells
from bureau.policy.rules.packs import cities, load_city
from bureau.policy.rules.side_by_side import Difference, Side, change_days, changes_on, differences

rules = cache(load_city)


def said(found: tuple[Difference, ...]) -> list[str]:
    return [f"{one.title}：{one.cells}：{one.before} → {one.after}" for one in found]


def test_the_benefits_that_changed_in_mianyang_on_new_year_2023() -> None:
    """YX-14, 15, 63, 65..68: outpatient care of employees begins, chronic care rises; nothing else of the benefits."""
    found = changes_on(rules("mianyang"), date(2023, 1, 1))

    assert said(found)[:14] == [
        "报销比例：职工医保（在职）·普通门诊、药店购药·三级：不予支付 → 50%",
        "报销比例：职工医保（在职）·普通门诊、药店购药·一级及以下、二级、药店：不予支付 → 60%",
        "报销比例：职工医保（退休）·普通门诊、药店购药·三级：不予支付 → 60%",
        "报销比例：职工医保（退休）·普通门诊、药店购药·一级及以下、二级、药店：不予支付 → 70%",
        "报销比例：居民医保·门诊慢性病：60% → 65%",
        "报销比例：职工医保·门诊慢性病：70% → 75%",
        "起付标准：职工医保（退休）·普通门诊、药店购药：— → 150.00 元",
        "起付标准：职工医保（在职）·普通门诊、药店购药：— → 200.00 元",
        "年度限额：职工医保（在职）·普通门诊、药店购药：— → 2,000.00 元",
        "年度限额：职工医保（退休）·普通门诊、药店购药：— → 2,500.00 元",
        "年度限额：居民医保·门诊慢性病·一种：500.00 元 → 1,000.00 元",
        "年度限额：居民医保·门诊慢性病·两种及以上：750.00 元 → 1,500.00 元",
        "年度限额：职工医保·门诊慢性病·一种：1,000.00 元 → 2,000.00 元",
        "年度限额：职工医保·门诊慢性病·两种及以上：1,500.00 元 → 3,000.00 元",
    ]
    assert {row.name.partition(".")[0] for one in found[14:] for row in one.rows} == {"account"}
    assert [row.clause.at for row in found[0].rows] == ["访谈·报销比例"]


def test_what_the_pooling_of_hangzhou_changed_for_whom() -> None:
    """HZ-01, 09..11, 13, 17, 18, 21..24 in fifteen lines."""
    assert sorted(said(changes_on(rules("hangzhou"), date(2022, 1, 1)))) == sorted(
        [
            "统筹区：桐庐县：桐庐县 → 杭州市",
            "统筹区：淳安县：淳安县 → 杭州市",
            "统筹区：建德市：建德市 → 杭州市",
            "先行自付比例：桐庐县、淳安县、建德市·省内统筹区外·未备案：10% → 不设",
            "专项救助个人负担比例：职工医保·门诊透析：不设 → 5%",
            "专项救助个人负担比例：居民医保·门诊透析：不设 → 10%",
            "调整·专项救助个人负担比例：省外·未备案：— → 不设",
            "调整·计入大病保险：门诊慢性病：— → 是",
            "调整·起付标准：桐庐县、淳安县、建德市·普通门诊、药店购药·已签约：— → −300.00 元",
            "调整·报销比例：桐庐县、淳安县、建德市·普通门诊、药店购药·已签约：— → +3 个百分点",
            "单位缴费比例：桐庐县：10.8% → 9.9%",
            "单位缴费比例：淳安县：11% → 9.9%",
            "单位缴费比例：建德市：10.5% → 9.9%",
            "单位缴费基数的算法：全部：当月职工工资总额 → 职工上一年度月平均工资之和",
            "资助参保的份额：居民医保·低保边缘：50% → 100%",
        ]
    )


def test_rules_that_are_older_than_the_benefits_change_too() -> None:
    """HZ-08: in the districts from 2020, although claims are settled from 2021 only."""
    assert said(changes_on(rules("hangzhou"), date(2020, 1, 1))) == ["单位缴费比例：杭州市区：11.7% → 9.9%"]


@pytest.mark.parametrize(
    ("city", "days"),
    [
        ("mianyang", ["2023-01-01", "2022-10-01", "2022-07-01", "2022-01-01", "2021-01-01", "2020-01-01"]),
        ("wenzhou", ["2024-01-01", "2023-01-01", "2022-01-01", "2019-01-01"]),
        ("hangzhou", ["2022-01-01", "2021-01-01", "2020-01-01", "2019-01-01"]),
        ("changchun", ["2024-01-01", "2023-01-01", "2022-09-01", "2022-01-01"]),
    ],
)
def test_the_days_on_which_something_changes(city: str, days: list[str]) -> None:
    found = change_days(rules(city))

    assert [f"{day}" for day in found] == days
    assert all(changes_on(rules(city), day) for day in found)
    assert changes_on(rules(city), found[0] + timedelta(1)) == ()


@pytest.mark.parametrize("city", cities())
def test_a_law_does_not_differ_from_itself(city: str) -> None:
    side = Side(rules(city), date(2023, 5, 1))

    assert differences(side, side) == ()


def test_two_cities_side_by_side() -> None:
    """Retired employees, outpatient: 70 % in Mianyang up to secondary; Wenzhou gives 75 % at primary and +5 points."""
    day = date(2023, 5, 1)
    found = said(differences(Side(rules("mianyang"), day), Side(rules("wenzhou"), day)))

    assert "报销比例：职工医保（退休）·普通门诊、药店购药·一级及以下：70% → 75%" in found
    assert "调整·报销比例：职工医保（退休）" not in found
    assert "大病起付标准：全部：15,000.00 元 → 20,000.00 元" in found
    assert "救助起付标准：低保边缘：3,000.00 元 → 不设" in found
    assert "待遇等待期：职工医保：6 个月 → —" in found


def test_a_draft_against_the_law_in_force() -> None:
    """CC-12, 25: the drafted outpatient care of employees, and 1,000 more for chronic care."""
    day = date(2023, 1, 1)
    found = said(differences(Side(rules("changchun"), day), Side(load_city("changchun", drafts=True), day)))

    assert "报销比例：职工医保（退休）·普通门诊、药店购药·三级：不予支付 → 55%" in found
    assert "起付标准：职工医保·普通门诊、药店购药·二级：— → 300.00 元" in found
    assert "调整·待遇限额：职工医保·门诊慢性病：— → +1,000.00 元" in found
    assert not any("居民" in line for line in found)


@given(st.lists(st.booleans(), min_size=24, max_size=24), st.lists(st.booleans(), min_size=24, max_size=24))
def test_boxes_hold_every_cell_once_and_no_other_but_idle_ones(marked: list[bool], silent: list[bool]) -> None:
    mask = np.array(marked).reshape(2, 3, 4)
    idle = np.array(silent).reshape(2, 3, 4) & ~mask
    counted = np.zeros(mask.shape, dtype=int)
    for box in cells.boxes(mask, idle):
        counted[np.ix_(*box)] += 1

    assert (counted[mask] == 1).all()
    assert (counted[~mask & ~idle] == 0).all()

"""Values and causes in the words of the screens."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.kernel.trace import Source
from bureau.policy.rules.packs import load_city
from bureau.policy.terms import Relation, Unit
from claims.rules import wording


@pytest.mark.parametrize(
    ("written", "unit", "said"),
    [
        ("12000.00", Unit.MONEY, "12,000.00 元"),
        ("none", Unit.MONEY, "不设"),
        ("75.5%", Unit.RATIO, "75.5%"),
        ("+5点", Unit.BANDS, "+5 个百分点"),
        ("yes", Unit.FLAG, "是"),
        ("至50000.00 60%；以上 70%", Unit.BANDS, "至50,000.00 60%；以上 70%"),
    ],
)
def test_a_value_carries_its_unit(written: str, unit: Unit, said: str) -> None:
    assert wording.value(written, unit) == said


def test_a_change_stands_with_the_parameter_that_it_changes() -> None:
    law = load_city("mianyang")

    def source(name: str, value: str, role: str) -> Source:
        return Source(name, value, "d", "文件", "第一条", "", "2022-01-01", assumed=True, role=role)

    found = wording.grounds(
        law,
        [
            source("major_illness.deductible", "7500.00", "value"),
            source("major_illness.relief_deductible", "×50%", "change"),
            source("major_illness.annual_cap", "none", "value"),
        ],
    )

    assert [(ground.parameter, ground.value, len(ground.changes)) for ground in found] == [
        ("大病起付标准", "7,500.00 元", 1),
        ("大病年度封顶", "不设", 0),
    ]
    assert found[0].changes[0].value == "×50%"


@pytest.mark.parametrize(
    ("care_area", "relation"),
    [("510781", Relation.SAME_POOL), ("510100", Relation.SAME_PROVINCE), ("500100", Relation.OTHER_PROVINCE)],
)
def test_areas_lie_to_each_other_as_the_pools_of_the_day_say(care_area: str, relation: Relation) -> None:
    law = load_city("mianyang")

    assert wording.relation(law, insured_area="510704", care_area=care_area, on=date(2023, 5, 1)) is relation


def test_an_unknown_cause_is_shown_as_it_is() -> None:
    assert wording.refusal("not_enrolled") == "当日未参保"
    assert wording.refusal("something_new") == "something_new"

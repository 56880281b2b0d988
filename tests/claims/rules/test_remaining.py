"""What is left of each yearly line, by the sets of the documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook
from claims.rules.person_year import ClaimFacts
from claims.rules.remaining import Room, remaining

DAY = date(2023, 6, 1)
FACTS = ClaimFacts(
    claim_id="1",
    sequence=1,
    service_date=date(2023, 5, 1),
    scheme="resident",
    employment="",
    relief="none",
    registered_poor=False,
    care="inpatient",
    level="tertiary",
    insured_area="510704",
    care_area="510704",
    filing=False,
    signed=False,
    chronic_count=1,
    total=1_000_000_00,
    excluded=0,
    over_ceiling=0,
    upfront_copay=0,
)


@pytest.fixture(scope="module")
def law() -> Rulebook:
    return load_city("mianyang")


def rooms(law: Rulebook, *claims: ClaimFacts, standing: ClaimFacts = FACTS) -> dict[str, Room]:
    return {room.title: room for room in remaining(law, claims, standing, on=DAY)}


def test_a_stay_of_a_million_uses_up_the_pooled_cap_and_the_major_illness_cap(law: Rulebook) -> None:
    found = rooms(law, FACTS)

    cap = found["统筹基金年度最高支付限额"]
    # 60 % of 999,200.00 is more than 200,000.00; the rest, 800,000.00, earns more than 400,000.00 of major illness.
    assert (cap.limit, cap.used, cap.left) == (200_000_00, 200_000_00, 0)
    assert found["大病保险起付标准（自付累计）"].used == 800_000_00
    assert found["大病保险年度最高支付限额"].left == 0
    assert found["门诊慢性病年度最高支付限额"].left == 1_000_00
    assert "医疗救助年度限额" not in found


def test_a_limit_follows_the_facts_of_the_day(law: Rulebook) -> None:
    two = rooms(law, standing=replace(FACTS, chronic_count=2))
    none = rooms(law, standing=replace(FACTS, chronic_count=0))

    assert two["门诊慢性病年度最高支付限额"].limit == 1_500_00
    assert "门诊慢性病年度最高支付限额" not in none


def test_no_cap_is_said_and_cites_what_took_it_away(law: Rulebook) -> None:
    cap = rooms(law, standing=replace(FACTS, relief="subsistence"))["大病保险年度最高支付限额"]

    assert (cap.limit, cap.left) == (None, None)
    assert [source.role for source in cap.sources] == ["value", "change"]


def test_a_shared_deductible_is_told_for_each_level_that_has_its_own(law: Rulebook) -> None:
    found = rooms(law, replace(FACTS, care="serious", total=150_00))

    used = {title: (room.limit, room.used) for title, room in found.items() if "特殊重症" in title}
    assert used == {
        "门诊特殊重症、门诊透析起付标准（一级及以下）": (100_00, 150_00),
        "门诊特殊重症、门诊透析起付标准（二级）": (400_00, 150_00),
        "门诊特殊重症、门诊透析起付标准（三级）": (800_00, 150_00),
    }
    assert all(room.is_threshold for title, room in found.items() if "起付标准" in title)

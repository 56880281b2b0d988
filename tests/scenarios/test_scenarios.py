"""Runs every scenario that a clerk can read against the rules: facts in, yuan out, no database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from bureau.kernel.trace import Step
from bureau.policy.rules import literals
from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook
from claims.rules.person_year import ClaimFacts, explain_year

FOLDER = Path(__file__).parent
PARTS = ("excluded", "over_ceiling", "upfront_copay")
LAYERS = ("统筹基金支付", "大病保险支付")
# The special relief takes the ordinary part in: where it is given, its step says what relief pays.
RELIEF = ("透析专项救助", "医疗救助")
# Where somebody is insured, and treated, unless a scenario says otherwise.
HOMES = {"mianyang": "510704", "wenzhou": "330302", "hangzhou": "330102", "changchun": "220102"}


def _scenarios() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*/*.yaml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        for scenario in content["scenarios"]:
            name = f"{path.stem}: {scenario['basis']} {scenario['title']}"
            yield pytest.param(content["city"], scenario, id=name)


@pytest.fixture(scope="module")
def rulebooks() -> dict[str, Rulebook]:
    return {city: load_city(city) for city in HOMES}


@pytest.mark.parametrize(("city", "scenario"), list(_scenarios()))
def test_a_scenario_comes_out_as_written(city: str, scenario: dict[str, Any], rulebooks: dict[str, Rulebook]) -> None:
    claims = [
        _facts({"insured_area": HOMES[city], **scenario["person"], **claim["facts"]}, number)
        for number, claim in enumerate(scenario["claims"], start=1)
    ]

    explained = explain_year(rulebooks[city], claims)

    for claim, (_, steps) in zip(scenario["claims"], explained, strict=True):
        computed = {step.title: step.amount for step in steps}
        expected = {title: literals.money(text) for title, text in claim["waterfall"].items()}
        assert None not in expected.values(), claim["waterfall"]
        assert {title: computed.get(title, 0) for title in expected} == expected
        _adds_up(steps)


def _adds_up(steps: list[Step]) -> None:
    amounts = {step.title: step.amount for step in steps}
    paid = sum(amounts.get(layer, 0) for layer in LAYERS)
    paid += next((amounts[title] for title in RELIEF if title in amounts), 0)
    assert amounts["医疗总费用"] - paid == amounts["个人负担"]


def _facts(said: dict[str, str], sequence: int) -> ClaimFacts:
    money = {name: literals.money(said.get(name, "0元")) for name in ("total", *PARTS)}
    assert None not in money.values(), said
    return ClaimFacts(
        claim_id=str(sequence),
        sequence=sequence,
        service_date=date.fromisoformat(said["on"]),
        scheme=said["scheme"],
        employment=said.get("employment", ""),
        relief=said.get("relief", "none"),
        registered_poor=said.get("registered_poor") == "yes",
        care=said["care"],
        level=said["level"],
        insured_area=said["insured_area"],
        care_area=said.get("care_area", said["insured_area"]),
        filing=said.get("filing") == "yes",
        signed=said.get("signed") == "yes",
        chronic_count=int(said.get("chronic_count", "0")),
        **{name: amount or 0 for name, amount in money.items()},
    )

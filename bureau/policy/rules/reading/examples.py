"""Worked examples: what a pack says its own rules come to."""

from __future__ import annotations

from bureau.policy.rules import literals
from bureau.policy.rules.documents import (
    Example,
    ExampleClaim,
    RuleExample,
)
from bureau.policy.rules.faults import fail
from bureau.policy.rules.reading.cells import labels_of
from bureau.policy.rules.reading.values import read_value
from bureau.policy.rules.source import Node
from bureau.policy.rules.vocabulary import MECHANISMS
from bureau.policy.terms import Dimension, Unit

_AMOUNTS = ("eligible", "prepay", "deductible", "pooled", "major_illness", "assistance", "personal_burden")
_CLAIM_MONEY = ("total", "excluded", "over_ceiling", "upfront_copay")
_PERSON_FACTS = ("scheme", "employment", "relief", "registered_poor", "insured_area", "chronic_count")
_CLAIM_FACTS = (*_PERSON_FACTS, "on", "care", "level", "care_area", "filing", "signed")


def read_example(node: Node) -> Example:
    """A worked year with what is owed for it."""
    node.mapping("title", "person", "claims")
    person = {key: value.scalar() for key, value in node.child("person").mapping(*_PERSON_FACTS).items()}
    claims = tuple(_example_claim(item) for item in node.child("claims").list())
    return Example(node.child("title").scalar(), person, claims, node.place)


def read_rule_example(node: Node) -> RuleExample:
    """An example of a parameter that is read by name: its value of a day, and what it makes of an amount."""
    node.mapping("title", "rule")
    rule = node.child("rule")
    entries = rule.mapping("name", "on", "value", "of", "gives", *(dimension.value for dimension in Dimension))
    name = rule.child("name")
    mechanism = MECHANISMS.get(name.scalar())
    if mechanism is None:
        raise fail("policy.unknown_name", name.place, f"不认识的参数“{name.scalar()}”。")
    if ("of" in entries) != ("gives" in entries):
        raise fail("policy.format", rule.place, "of 与 gives 要写就一起写。")
    if "of" in entries and mechanism.unit not in (Unit.RATIO, Unit.PART):
        raise fail("policy.unit", rule.place, f"“{mechanism.title}”不是比例，算不出金额。")
    value, literal = read_value(rule.child("value"), mechanism, name.scalar())
    of, gives = (_amount(entries[key], key) if key in entries else None for key in ("of", "gives"))
    labels = {key: labels_of(key, entry)[0] for key, entry in entries.items() if key in set(Dimension)}
    title, day = node.child("title").scalar(), rule.child("on").day()
    return RuleExample(title, name.scalar(), day, labels, value, literal, of, gives, rule.place)


def _amount(node: Node, key: str) -> int:
    amount = literals.money(node.scalar())
    if amount is None:
        raise fail("policy.unit", node.place, f"“{key}”应为金额，如 120.00元。")
    return amount


def _example_claim(node: Node) -> ExampleClaim:
    entries = node.mapping(*_CLAIM_FACTS, *_CLAIM_MONEY, *_AMOUNTS)
    facts = {key: value.scalar() for key, value in entries.items() if key in _CLAIM_FACTS}
    for key in ("on", "care", "level", "eligible"):
        node.child(key)
    node.child("on").day()
    expected = {}
    for key, value in entries.items():
        if key in _CLAIM_FACTS:
            continue
        amount = _amount(value, key)
        if key in _CLAIM_MONEY:
            facts[key] = str(amount)
        else:
            expected[key] = amount
    return ExampleClaim(facts, expected, node.place)

"""The examples of parameters that are read by name, run against the packs: exactly, no tolerance."""

from __future__ import annotations

from collections.abc import Iterator

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan, round_half_up
from bureau.policy.rules.documents import RuleExample
from bureau.policy.rules.faults import Fault
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.rules.vocabulary import MECHANISMS
from bureau.policy.terms import Unit


def failing(rulebook: Rulebook) -> list[Fault]:
    """Each value or amount of an example that the packs do not confirm, with file and line."""
    return [fault for example in rulebook.rule_examples for fault in _run(rulebook, example)]


def _run(rulebook: Rulebook, example: RuleExample) -> Iterator[Fault]:
    try:
        found = rulebook.parameter(example.name, example.on, **example.labels)
    except BusinessError as error:
        yield Fault("policy.example", example.place, f"例子“{example.title}”不能计算：{error.message}")
        return
    if found.value != example.value:
        message = f"例子“{example.title}”的 {example.name} 应为 {example.literal}，实为 {found.text}。"
        yield Fault("policy.example", example.place, message)
    elif example.of is not None and example.gives is not None:
        computed = _made_of(example.of, found.value, MECHANISMS[example.name].unit)
        if computed != example.gives:
            message = f"例子“{example.title}”应为 {format_yuan(example.gives)}，算出 {format_yuan(computed)}。"
            yield Fault("policy.example", example.place, message)


def _made_of(amount: int, value: int, unit: Unit) -> int:
    """A ratio of an amount, or one part of it, rounded half up to the fen."""
    return (2 * amount + value) // (2 * value) if unit is Unit.PART else round_half_up(amount, value)

"""The examples that stand in the packs, run against the engine: to the fen, no tolerance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.kernel.terms import ReliefCategory
from bureau.policy.rules import rule_examples
from bureau.policy.rules.documents import Example, ExampleClaim
from bureau.policy.rules.faults import Fault
from bureau.policy.rules.rulebook import Rulebook
from claims.rules.facts import ClaimFacts
from claims.rules.person_year import settle_year


def failing(rulebook: Rulebook) -> list[Fault]:
    """Each amount of an example that the engine does not confirm, with file and line; those of single rules too."""
    return [*rule_examples.failing(rulebook), *(fault for one in rulebook.examples for fault in _run(rulebook, one))]


def _run(rulebook: Rulebook, example: Example) -> Iterator[Fault]:
    try:
        claims = [_facts(rulebook, example, claim, number) for number, claim in enumerate(example.claims, start=1)]
        outcomes = settle_year(rulebook, claims)
    except BusinessError as error:
        yield Fault("policy.example", example.place, f"例子“{example.title}”不能计算：{error.message}")
        return
    for claim, outcome in zip(example.claims, outcomes, strict=True):
        for name, expected in claim.expected.items():
            computed = getattr(outcome, name)
            if computed != expected:
                message = f"例子“{example.title}”的 {name} 应为 {format_yuan(expected)}，算出 {format_yuan(computed)}。"
                yield Fault("policy.example", claim.place, message)


def _facts(rulebook: Rulebook, example: Example, claim: ExampleClaim, sequence: int) -> ClaimFacts:
    """The facts of an example; what it does not say is the ordinary case."""
    said = {**example.person, **claim.facts}
    home = said.get("insured_area", rulebook.city_set.code)
    parts = {name: int(said.get(name, "0")) for name in ("excluded", "over_ceiling", "upfront_copay")}
    return ClaimFacts(
        claim_id=str(sequence),
        sequence=sequence,
        service_date=date.fromisoformat(said["on"]),
        scheme=said["scheme"],
        employment=said.get("employment", ""),
        relief=said.get("relief", ReliefCategory.NONE.value),
        registered_poor=said.get("registered_poor", "no") == "yes",
        care=said["care"],
        level=said["level"],
        insured_area=home,
        care_area=said.get("care_area", home),
        filing=said.get("filing", "no") == "yes",
        signed=said.get("signed", "no") == "yes",
        chronic_count=int(said.get("chronic_count", "0")),
        total=int(said["total"]) if "total" in said else claim.expected["eligible"] + sum(parts.values()),
        **parts,
    )

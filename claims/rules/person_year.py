"""A person-year settled and explained: facts in, every layer of every claim out (the edges of the kernel)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from bureau.kernel.errors import BusinessError
from bureau.kernel.trace import Step
from bureau.policy.rules.layout import VERSION
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import explanation
from claims.rules.facts import ClaimFacts, Encoder, FactError, check
from claims.rules.kernel import RESULT_COLUMNS, TRACE_COLUMNS, run_year

__all__ = [
    "ClaimFacts",
    "FactError",
    "Outcome",
    "explain_year",
    "settle_many",
    "settle_year",
    "steps_of",
    "trace_year",
    "used_in_year",
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What each layer bears of one claim, in fen; the layers and the personal burden add up to the total."""

    claim_id: str
    eligible: int
    prepay: int
    deductible: int
    pooled: int
    major_illness: int
    assistance: int
    personal_burden: int


@dataclass(frozen=True, slots=True)
class Traced:
    """An outcome with the integers from which `steps_of` writes its explanation: small enough to store with it."""

    outcome: Outcome
    trace: tuple[int, ...]


def settle_year(rulebook: Rulebook, claims: Sequence[ClaimFacts]) -> list[Outcome]:
    """All claims of one person and one calendar year, in the order of their sequence."""
    return _settle(rulebook, Encoder(rulebook), claims)


def settle_many(rulebook: Rulebook, years: Iterable[Sequence[ClaimFacts]]) -> list[list[Outcome]]:
    """Many person-years with one set-up."""
    encoder = Encoder(rulebook)
    return [_settle(rulebook, encoder, claims) for claims in years]


def trace_year(rulebook: Rulebook, claims: Sequence[ClaimFacts], encoder: Encoder | None = None) -> list[Traced]:
    """As `settle_year`, with the intermediates of each claim."""
    encoder = encoder or Encoder(rulebook)
    ordered = _in_sequence(claims)
    rows = [_row(encoder, facts) for facts in ordered]
    results, trace = _run(rulebook, rows, tracing=True)
    return [
        Traced(_outcome(facts, row[3], result), (VERSION, *row, *_parts(facts), *result, *intermediates))
        for facts, row, result, intermediates in zip(ordered, rows, results, trace, strict=True)
    ]


def steps_of(rulebook: Rulebook, trace: Sequence[int]) -> list[Step]:
    """The explanation of one traced claim, by the rulebook with which it was computed.

    A trace of an older engine is refused (`claim.trace_version`): explain the person-year anew from its facts.
    """
    if trace[0] != VERSION:
        raise BusinessError("claim.trace_version", "计算过程由旧版程序写成，请由事实重新计算后查看。")
    return explanation.steps(rulebook, trace[1:])


def used_in_year(rulebook: Rulebook, claims: Sequence[ClaimFacts]) -> list[int]:
    """The accumulators after these claims (slots of `bureau.policy.rules.layout`)."""
    encoder = Encoder(rulebook)
    rows = [_row(encoder, facts) for facts in _in_sequence(claims)]
    used = [0] * rulebook.slots
    _run(rulebook, rows, used=used)
    return used


def explain_year(rulebook: Rulebook, claims: Sequence[ClaimFacts]) -> list[tuple[Outcome, list[Step]]]:
    """As `settle_year`, with the steps that lead from the total to the personal burden."""
    return [(traced.outcome, steps_of(rulebook, traced.trace)) for traced in trace_year(rulebook, claims)]


def _settle(rulebook: Rulebook, encoder: Encoder, claims: Sequence[ClaimFacts]) -> list[Outcome]:
    ordered = _in_sequence(claims)
    rows = [_row(encoder, facts) for facts in ordered]
    results, _ = _run(rulebook, rows)
    return [_outcome(facts, row[3], result) for facts, row, result in zip(ordered, rows, results, strict=True)]


def _in_sequence(claims: Sequence[ClaimFacts]) -> list[ClaimFacts]:
    ordered = sorted(claims, key=attrgetter("sequence"))
    for before, after in pairwise(ordered):
        if before.sequence == after.sequence:
            raise BusinessError("claim.duplicate_sequence", f"同一人同一年度的顺序号 {after.sequence} 出现两次。")
        if before.service_date.year != after.service_date.year:
            raise BusinessError("claim.two_years", "一次只能计算同一个自然年度的费用。")
    return ordered


def _row(encoder: Encoder, facts: ClaimFacts) -> list[int]:
    check(facts)
    cell, protection = encoder.encode(facts)
    return [cell, protection, facts.total, facts.eligible]


def _run(
    rulebook: Rulebook, rows: list[list[int]], *, used: list[int] | None = None, tracing: bool = False
) -> tuple[list[list[int]], list[list[int]]]:
    count = len(rows)
    results = [0] * (RESULT_COLUMNS * count)
    trace = [0] * (TRACE_COLUMNS * count) if tracing else []
    used = [0] * rulebook.slots if used is None else used
    claims = [value for row in rows for value in row]
    run_year(0, count, claims, rulebook.benefit_values, rulebook.protection_values, used, results, trace)
    return _split(results, RESULT_COLUMNS), _split(trace, TRACE_COLUMNS)


def _split(values: list[int], width: int) -> list[list[int]]:
    return [values[at : at + width] for at in range(0, len(values), width)]


def _parts(facts: ClaimFacts) -> tuple[int, int, int]:
    return facts.excluded, facts.over_ceiling, facts.upfront_copay


def _outcome(facts: ClaimFacts, eligible: int, result: Sequence[int]) -> Outcome:
    return Outcome(facts.claim_id, eligible, *result)

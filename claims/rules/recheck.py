"""Stored adjudications computed once more from what is stored with them, and what then differs. Pure.

A version was written by a *calculation*: one run over the whole person-year, under one policy. The year as it stood
then is, for each of its claims, the latest version that was there. So every version can be confirmed, former ones too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

import numpy as np

from bureau.kernel.errors import BusinessError
from bureau.policy.rules.layout import VERSION
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import batch
from claims.rules.compiled import RunYears
from claims.rules.facts import ClaimFacts, Encoder, check
from claims.rules.kernel import ELIGIBLE
from claims.rules.person_year import trace_year

# The amounts of an adjudication, as the kernel's results follow the eligible cost.
AMOUNTS = ("eligible", "prepay", "deductible", "pooled", "major_illness", "assistance", "personal_burden")


@dataclass(frozen=True, slots=True)
class Stored:
    """One version as it stands: `amounts` in fen as `AMOUNTS` names them; `facts` is None where one is missing."""

    pk: int
    claim_id: int
    area_code: str
    policy_sha256: str
    written_at: datetime
    is_canceled: bool
    facts: ClaimFacts | None
    amounts: tuple[int, ...]
    trace: Sequence[int]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A person-year as it stood when `written` (keys of versions) were computed, in settlement sequence."""

    policy_sha256: str
    state: tuple[Stored, ...]
    written: frozenset[int]


@dataclass(frozen=True, slots=True)
class Deviation:
    """A version that is not confirmed. `recomputed` is None where its facts do not suffice to compute it."""

    stored: Stored
    recomputed: tuple[int, ...] | None

    @property
    def differing(self) -> dict[str, tuple[int, int]]:
        """Amount → stored and recomputed; empty where only the trace differs."""
        pairs = zip(AMOUNTS, self.stored.amounts, self.recomputed or self.stored.amounts, strict=True)
        return {name: (held, anew) for name, held, anew in pairs if held != anew}


def calculations(year: Iterable[Stored]) -> Iterator[Calculation]:
    """The calculations that wrote the versions of one person-year.

    A claim that was canceled later is in the earlier calculations and not in the later ones. Which is which, nobody
    wrote down: where a calculation may have met it or not, both are given, and a version is confirmed by either.
    """
    held: dict[int, Stored] = {}
    for written in _writings(sorted(year, key=lambda stored: stored.pk)):
        held |= {stored.claim_id: stored for stored in written}
        keys = frozenset(stored.pk for stored in written)
        policy = written[0].policy_sha256
        yield Calculation(policy, _ordered(held.values()), keys)
        without = [stored for stored in held.values() if not stored.is_canceled or stored.pk in keys]
        if len(without) < len(held):
            yield Calculation(policy, _ordered(without), keys)


def deviations(
    rulebook: Rulebook, found: Iterable[Calculation], *, compiled: RunYears | None = None
) -> list[Deviation]:
    """The versions that these calculations, all under the policy of `rulebook`, do not confirm."""
    encoder = Encoder(rulebook)
    computable: list[Calculation] = []
    rows: list[list[int]] = []
    starts = [0]
    deviating: dict[int, Deviation] = {}
    for calculation in found:
        try:
            year = [_row(encoder, stored.facts) for stored in calculation.state]
        except BusinessError:
            deviating |= {pk: Deviation(stored, None) for pk, stored in _written(calculation)}
            continue
        computable.append(calculation)
        rows += year
        starts.append(len(rows))
    if not computable:
        return list(deviating.values())
    results, trace = batch.settle(
        rulebook,
        np.array(starts, dtype=np.int64),
        np.array(rows, dtype=np.int64),
        compiled=compiled,
        tracing=True,
    )
    confirmed: set[int] = set()
    anew = zip(rows, results.tolist(), trace.tolist(), strict=True)
    for calculation in computable:
        settled = islice(anew, len(calculation.state))
        for stored, (row, result, intermediates) in zip(calculation.state, settled, strict=True):
            if stored.pk not in calculation.written:
                continue
            recomputed = (row[ELIGIBLE], *result)
            if recomputed == stored.amounts and _same_trace(stored, [*row, *_parts(stored), *result, *intermediates]):
                confirmed.add(stored.pk)
            else:
                deviating.setdefault(stored.pk, Deviation(stored, recomputed))
    return [deviation for pk, deviation in deviating.items() if pk not in confirmed]


def _writings(versions: Sequence[Stored]) -> Iterator[list[Stored]]:
    """Versions in the order of their keys, cut where a new calculation began: it writes each claim once, in order."""
    written: list[Stored] = []
    for stored in versions:
        former = written[-1] if written else stored
        same = (former.written_at, former.policy_sha256) == (stored.written_at, stored.policy_sha256)
        if written and not (same and former.claim_id < stored.claim_id):
            yield written
            written = []
        written.append(stored)
    if written:
        yield written


def _ordered(state: Iterable[Stored]) -> tuple[Stored, ...]:
    return tuple(sorted(state, key=lambda stored: stored.facts.sequence if stored.facts else 0))


def _written(calculation: Calculation) -> Iterator[tuple[int, Stored]]:
    return ((stored.pk, stored) for stored in calculation.state if stored.pk in calculation.written)


def _row(encoder: Encoder, facts: ClaimFacts | None) -> list[int]:
    if facts is None:
        raise BusinessError("claim.invalid", "费用的事实不完整，无法计算。")
    check(facts)
    return [*encoder.encode(facts), facts.total, facts.eligible]


def _parts(stored: Stored) -> tuple[int, ...]:
    facts = stored.facts
    return (facts.excluded, facts.over_ceiling, facts.upfront_copay) if facts else ()


def _same_trace(stored: Stored, anew: Sequence[int]) -> bool:
    """A trace of an older engine has other columns: then the amounts alone are compared."""
    return list(stored.trace[1:]) == anew or bool(stored.trace and stored.trace[0] != VERSION)


def trace_anew(rulebook: Rulebook, year: Iterable[Stored], pk: int) -> tuple[int, ...]:
    """The trace of one version, computed anew with the person-year as it stood: where an older engine wrote it."""
    calculation = next(found for found in calculations(year) if pk in found.written)
    facts = [stored.facts for stored in calculation.state if stored.facts is not None]
    place = [stored.pk for stored in calculation.state if stored.facts is not None].index(pk)
    return trace_year(rulebook, facts)[place].trace


def by_policy(found: Iterable[Calculation]) -> dict[str, list[Calculation]]:
    """Calculations by the policy under which they were made."""
    grouped: defaultdict[str, list[Calculation]] = defaultdict(list)
    for calculation in found:
        grouped[calculation.policy_sha256].append(calculation)
    return grouped

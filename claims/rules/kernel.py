"""The waterfall over one person-year, on integers: `docs/algorithms/benefit.md` (benefit-engine §4) in its fixed order.

Plain Python over flat rows of integers: `table[row * COLUMNS + COLUMN]`. The web runs it as it stands, on lists;
`compiled` compiles the very same functions for batches, on int64 arrays. No objects, no exceptions.
"""

from __future__ import annotations

from typing import Protocol

from bureau.kernel.money import round_half_up
from bureau.policy.rules.layout import (
    BAND_COLUMNS,
    BAND_COUNT,
    BAND_RATIO,
    BANDS,
    BENEFIT_COLUMNS,
    COVERED,
    DEDUCTIBLE,
    DEDUCTIBLE_POOL,
    LIMIT,
    LIMIT_POOL,
    MAJOR_CAP,
    MAJOR_COUNTS,
    MAJOR_DEDUCTIBLE,
    NO_SHARE,
    PER_CLAIM,
    POOLED_CAP,
    PREPAYMENT,
    PROTECTION_COLUMNS,
    RATIO,
    RELIEF_CAP,
    RELIEF_COUNTS,
    RELIEF_DEDUCTIBLE,
    RELIEF_ENTITLED,
    RELIEF_OUTPATIENT,
    RELIEF_OUTPATIENT_LIMIT,
    RELIEF_RATIO,
    SPECIAL_SHARE,
    UNLIMITED,
    USED_EXPENSE,
    USED_MAJOR,
    USED_POOLED,
    USED_RELIEF,
    USED_RELIEF_DEDUCTIBLE,
    USED_RELIEF_OUTPATIENT,
)

# A claim, as the kernel reads it: its rows in the two tables, and its amounts.
CELL = 0
PROTECTION = 1
TOTAL = 2
ELIGIBLE = 3
CLAIM_COLUMNS = 4

# A result, as the kernel writes it.
OUT_PREPAY = 0
OUT_DEDUCTIBLE = 1
OUT_POOLED = 2
OUT_MAJOR = 3
OUT_ASSISTANCE = 4
OUT_BURDEN = 5
RESULT_COLUMNS = 6

# The intermediates of a claim, as the trace keeps them.
T_IN_SCOPE = 0
T_DEDUCTIBLE_USED = 1
T_RAW = 2
T_LIMIT_ROOM = 3
T_PAID = 4
T_CAP_ROOM = 5
T_EXPENSE_BEFORE = 6
T_EXPENSE = 7
T_MAJOR_RAW = 8
T_MAJOR_ROOM = 9
T_RELIEF_BASE = 10
T_RELIEF_DEDUCTIBLE_USED = 11
T_RELIEF_DEDUCTIBLE = 12
T_RELIEF_RAW = 13
T_RELIEF_OUTPATIENT_ROOM = 14
T_RELIEF_ROOM = 15
T_RELIEF_ORDINARY = 16
T_SPECIAL = 17
TRACE_COLUMNS = 18


class Integers(Protocol):
    """A list of integers, or an int64 array."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...


def scale(expense: int, protections: Integers, row: int) -> int:
    """G(S) of benefit-engine §4.6 before its cap: bands above the deductible, summed exactly, rounded once."""
    weighted = 0
    lower = protections[row + MAJOR_DEDUCTIBLE]
    band = row + BANDS
    for _ in range(protections[row + BAND_COUNT]):
        upper = min(expense, protections[band])
        if upper > lower:
            weighted += (upper - lower) * protections[band + BAND_RATIO]
            lower = upper
        band += BAND_COLUMNS
    return round_half_up(weighted, 1)


def run_year(
    first: int,
    last: int,
    claims: Integers,
    benefits: Integers,
    protections: Integers,
    used: Integers,
    results: Integers,
    trace: Integers,
) -> None:
    """Every layer of the claims from `first` to before `last`: one person-year in settlement sequence.

    `used`, `results` and `trace` begin at zero; an empty `trace` means that none is wanted.
    """
    tracing = len(trace) > 0
    for number in range(first, last):
        claim, result = number * CLAIM_COLUMNS, number * RESULT_COLUMNS
        benefit = claims[claim + CELL] * BENEFIT_COLUMNS
        if benefits[benefit + COVERED] == 0:
            results[result + OUT_BURDEN] = claims[claim + TOTAL]
            continue
        protection = claims[claim + PROTECTION] * PROTECTION_COLUMNS
        eligible = claims[claim + ELIGIBLE]

        prepay = round_half_up(eligible, benefits[benefit + PREPAYMENT])
        in_scope = eligible - prepay

        # What does not accumulate has a slot too, emptied at once: a branch less in a loop of millions.
        pool = benefits[benefit + DEDUCTIBLE_POOL]
        deductible_used = used[pool]
        deductible = min(in_scope, max(0, benefits[benefit + DEDUCTIBLE] - deductible_used))
        used[pool] = deductible_used + deductible
        used[PER_CLAIM] = 0

        raw = round_half_up(in_scope - deductible, benefits[benefit + RATIO])
        pool = benefits[benefit + LIMIT_POOL]
        limit_used = used[pool]
        limit_room = max(0, benefits[benefit + LIMIT] - limit_used)
        paid = min(raw, limit_room)
        cap_room = max(0, benefits[benefit + POOLED_CAP] - used[USED_POOLED])
        pooled = min(paid, cap_room)
        used[pool] = limit_used + pooled
        used[PER_CLAIM] = 0
        used[USED_POOLED] += pooled

        expense = in_scope - pooled
        expense_before = used[USED_EXPENSE]
        major = major_raw = major_room = 0
        if benefits[benefit + MAJOR_COUNTS] == 1:
            used[USED_EXPENSE] = expense_before + expense
            if expense_before + expense > protections[protection + MAJOR_DEDUCTIBLE]:
                cap = protections[protection + MAJOR_CAP]
                after = min(scale(expense_before + expense, protections, protection), cap)
                major_raw = max(0, after - min(scale(expense_before, protections, protection), cap))
                major_room = max(0, cap - used[USED_MAJOR])
                major = min(major_raw, major_room)
                used[USED_MAJOR] += major

        base = expense - major
        ordinary = relief_deductible = relief_raw = relief_room = outpatient_room = 0
        relief_deductible_used = used[USED_RELIEF_DEDUCTIBLE]
        if benefits[benefit + RELIEF_COUNTS] == 1 and protections[protection + RELIEF_ENTITLED] == 1:
            relief_deductible = min(base, max(0, protections[protection + RELIEF_DEDUCTIBLE] - relief_deductible_used))
            used[USED_RELIEF_DEDUCTIBLE] += relief_deductible
            relief_raw = round_half_up(base - relief_deductible, protections[protection + RELIEF_RATIO])
            relief_room = max(0, protections[protection + RELIEF_CAP] - used[USED_RELIEF])
            outpatient_room = UNLIMITED
            if benefits[benefit + RELIEF_OUTPATIENT] == 1:
                line = protections[protection + RELIEF_OUTPATIENT_LIMIT]
                outpatient_room = max(0, line - used[USED_RELIEF_OUTPATIENT])
            ordinary = min(relief_raw, min(outpatient_room, relief_room))
            used[USED_RELIEF] += ordinary
            if benefits[benefit + RELIEF_OUTPATIENT] == 1:
                used[USED_RELIEF_OUTPATIENT] += ordinary
        special = 0
        if benefits[benefit + SPECIAL_SHARE] != NO_SHARE:
            special = max(0, base - round_half_up(eligible, benefits[benefit + SPECIAL_SHARE]))
        assistance = max(ordinary, special)

        results[result + OUT_PREPAY] = prepay
        results[result + OUT_DEDUCTIBLE] = deductible
        results[result + OUT_POOLED] = pooled
        results[result + OUT_MAJOR] = major
        results[result + OUT_ASSISTANCE] = assistance
        results[result + OUT_BURDEN] = claims[claim + TOTAL] - pooled - major - assistance
        if tracing:
            row = number * TRACE_COLUMNS
            trace[row + T_IN_SCOPE] = in_scope
            trace[row + T_DEDUCTIBLE_USED] = deductible_used
            trace[row + T_RAW] = raw
            trace[row + T_LIMIT_ROOM] = limit_room
            trace[row + T_PAID] = paid
            trace[row + T_CAP_ROOM] = cap_room
            trace[row + T_EXPENSE_BEFORE] = expense_before
            trace[row + T_EXPENSE] = expense
            trace[row + T_MAJOR_RAW] = major_raw
            trace[row + T_MAJOR_ROOM] = major_room
            trace[row + T_RELIEF_BASE] = base
            trace[row + T_RELIEF_DEDUCTIBLE_USED] = relief_deductible_used
            trace[row + T_RELIEF_DEDUCTIBLE] = relief_deductible
            trace[row + T_RELIEF_RAW] = relief_raw
            trace[row + T_RELIEF_OUTPATIENT_ROOM] = outpatient_room
            trace[row + T_RELIEF_ROOM] = relief_room
            trace[row + T_RELIEF_ORDINARY] = ordinary
            trace[row + T_SPECIAL] = special


def run_years(
    starts: Integers,
    claims: Integers,
    benefits: Integers,
    protections: Integers,
    used: Integers,
    results: Integers,
    trace: Integers,
) -> None:
    """Person-year after person-year: the claims of each lie from its start to the next."""
    for year in range(len(starts) - 1):
        for slot in range(len(used)):
            used[slot] = 0
        run_year(starts[year], starts[year + 1], claims, benefits, protections, used, results, trace)

"""The waterfall over one person-year, on integers: `docs/algorithms/benefit.md` (benefit-engine §4) in its fixed order.

Plain Python over rows of integers; the same function runs compiled when rows are arrays. No objects, no exceptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bureau.kernel.money import round_half_up
from bureau.policy.rules.layout import (
    BAND_COUNT,
    BANDS,
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

# A claim, as the kernel reads it.
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


class Row(Protocol):
    """A row of integers: a list, or a row of an int64 array."""

    def __getitem__(self, index: int, /) -> int: ...
    def __setitem__(self, index: int, value: int, /) -> None: ...


def scale(expense: int, protection: Row) -> int:
    """G(S) of benefit-engine §4.6 before its cap: bands above the deductible, summed exactly, rounded once."""
    weighted = 0
    lower = protection[MAJOR_DEDUCTIBLE]
    for band in range(protection[BAND_COUNT]):
        upper = min(expense, protection[BANDS + 2 * band])
        if upper > lower:
            weighted += (upper - lower) * protection[BANDS + 2 * band + 1]
            lower = upper
    return round_half_up(weighted, 1)


def run_year(
    claims: Sequence[Row],
    benefits: Sequence[Row],
    protections: Sequence[Row],
    used: Row,
    results: Sequence[Row],
    trace: Sequence[Row],
) -> None:
    """Every layer of every claim of one person-year; `claims` stand in settlement sequence, `used` begins at zero.

    `results` and `trace` begin at zero too; an empty `trace` means that none is wanted.
    """
    tracing = len(trace) > 0
    for number in range(len(claims)):
        claim, result = claims[number], results[number]
        benefit = benefits[claim[CELL]]
        if benefit[COVERED] == 0:
            result[OUT_BURDEN] = claim[TOTAL]
            continue
        protection = protections[claim[PROTECTION]]
        eligible = claim[ELIGIBLE]

        prepay = round_half_up(eligible, benefit[PREPAYMENT])
        in_scope = eligible - prepay

        pool = benefit[DEDUCTIBLE_POOL]
        deductible_used = used[pool] if pool != PER_CLAIM else 0
        deductible = min(in_scope, max(0, benefit[DEDUCTIBLE] - deductible_used))
        if pool != PER_CLAIM:
            used[pool] += deductible

        raw = round_half_up(in_scope - deductible, benefit[RATIO])
        pool = benefit[LIMIT_POOL]
        limit_room = max(0, benefit[LIMIT] - used[pool]) if pool != PER_CLAIM else benefit[LIMIT]
        paid = min(raw, limit_room)
        cap_room = max(0, benefit[POOLED_CAP] - used[USED_POOLED])
        pooled = min(paid, cap_room)
        if pool != PER_CLAIM:
            used[pool] += pooled
        used[USED_POOLED] += pooled

        expense = in_scope - pooled
        expense_before = used[USED_EXPENSE]
        major = major_raw = major_room = 0
        if benefit[MAJOR_COUNTS] == 1:
            used[USED_EXPENSE] = expense_before + expense
            if expense_before + expense > protection[MAJOR_DEDUCTIBLE]:
                cap = protection[MAJOR_CAP]
                after = min(scale(expense_before + expense, protection), cap)
                major_raw = max(0, after - min(scale(expense_before, protection), cap))
                major_room = max(0, cap - used[USED_MAJOR])
                major = min(major_raw, major_room)
                used[USED_MAJOR] += major

        base = expense - major
        ordinary = relief_deductible = relief_raw = relief_room = outpatient_room = 0
        relief_deductible_used = used[USED_RELIEF_DEDUCTIBLE]
        if benefit[RELIEF_COUNTS] == 1 and protection[RELIEF_ENTITLED] == 1:
            relief_deductible = min(base, max(0, protection[RELIEF_DEDUCTIBLE] - relief_deductible_used))
            used[USED_RELIEF_DEDUCTIBLE] += relief_deductible
            relief_raw = round_half_up(base - relief_deductible, protection[RELIEF_RATIO])
            relief_room = max(0, protection[RELIEF_CAP] - used[USED_RELIEF])
            outpatient_room = UNLIMITED
            if benefit[RELIEF_OUTPATIENT] == 1:
                outpatient_room = max(0, protection[RELIEF_OUTPATIENT_LIMIT] - used[USED_RELIEF_OUTPATIENT])
            ordinary = min(relief_raw, min(outpatient_room, relief_room))
            used[USED_RELIEF] += ordinary
            if benefit[RELIEF_OUTPATIENT] == 1:
                used[USED_RELIEF_OUTPATIENT] += ordinary
        special = 0
        if benefit[SPECIAL_SHARE] != NO_SHARE:
            special = max(0, base - round_half_up(eligible, benefit[SPECIAL_SHARE]))
        assistance = max(ordinary, special)

        result[OUT_PREPAY] = prepay
        result[OUT_DEDUCTIBLE] = deductible
        result[OUT_POOLED] = pooled
        result[OUT_MAJOR] = major
        result[OUT_ASSISTANCE] = assistance
        result[OUT_BURDEN] = claim[TOTAL] - pooled - major - assistance
        if tracing:
            row = trace[number]
            row[T_IN_SCOPE] = in_scope
            row[T_DEDUCTIBLE_USED] = deductible_used
            row[T_RAW] = raw
            row[T_LIMIT_ROOM] = limit_room
            row[T_PAID] = paid
            row[T_CAP_ROOM] = cap_room
            row[T_EXPENSE_BEFORE] = expense_before
            row[T_EXPENSE] = expense
            row[T_MAJOR_RAW] = major_raw
            row[T_MAJOR_ROOM] = major_room
            row[T_RELIEF_BASE] = base
            row[T_RELIEF_DEDUCTIBLE_USED] = relief_deductible_used
            row[T_RELIEF_DEDUCTIBLE] = relief_deductible
            row[T_RELIEF_RAW] = relief_raw
            row[T_RELIEF_OUTPATIENT_ROOM] = outpatient_room
            row[T_RELIEF_ROOM] = relief_room
            row[T_RELIEF_ORDINARY] = ordinary
            row[T_SPECIAL] = special

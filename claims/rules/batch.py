"""Many person-years at once, as arrays: the plain kernel in blocks, or the compiled one in a single call."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bureau.policy.rules.rulebook import Rulebook
from claims.rules import kernel
from claims.rules.compiled import RunYears

Array: TypeAlias = NDArray[np.int64]

# Claims whose Python integers stand in memory at once when the kernel runs plain.
BLOCK = 20_000


def settle(
    rulebook: Rulebook, starts: Array, claims: Array, *, compiled: RunYears | None = None, tracing: bool = False
) -> tuple[Array, Array]:
    """Results and trace of `claims` (rows of `kernel.CLAIM_COLUMNS`), which stand person-year by person-year.

    `starts` holds where each person-year begins, and after the last one where it ends.
    """
    results = np.zeros((len(claims), kernel.RESULT_COLUMNS), dtype=np.int64)
    trace = np.zeros((len(claims) if tracing else 0, kernel.TRACE_COLUMNS), dtype=np.int64)
    if compiled is None:
        _plain(rulebook, starts, claims, results, trace)
    else:
        compiled(
            np.ascontiguousarray(starts, dtype=np.int64),
            np.ascontiguousarray(claims, dtype=np.int64).ravel(),
            rulebook.benefits.ravel(),
            rulebook.protections.ravel(),
            np.zeros(rulebook.slots, dtype=np.int64),
            results.ravel(),
            trace.ravel(),
        )
    return results, trace


def _plain(rulebook: Rulebook, starts: Array, claims: Array, results: Array, trace: Array) -> None:
    benefits, protections = rulebook.benefit_values, rulebook.protection_values
    used = [0] * rulebook.slots
    year = 0
    while year < len(starts) - 1:
        first = int(starts[year])
        until = max(year + 1, int(np.searchsorted(starts, first + BLOCK, side="right")) - 1)
        last = int(starts[until])
        block = claims[first:last].ravel().tolist()
        outcome = [0] * (kernel.RESULT_COLUMNS * (last - first))
        steps = [0] * (kernel.TRACE_COLUMNS * (last - first)) if len(trace) else []
        here = (starts[year : until + 1] - first).tolist()
        kernel.run_years(here, block, benefits, protections, used, outcome, steps)
        results[first:last] = np.array(outcome, dtype=np.int64).reshape(-1, kernel.RESULT_COLUMNS)
        if len(trace):
            trace[first:last] = np.array(steps, dtype=np.int64).reshape(-1, kernel.TRACE_COLUMNS)
        year = until

"""What becomes of a claim file: settled by the kernel, results, explanations, rejects written."""

from __future__ import annotations

import csv
import itertools
import json
from dataclasses import dataclass, field
from typing import TextIO

import numpy as np

from bureau.kernel.money import format_yuan
from claims.importing.adjudication_file import (
    CELL,
    CHUNK,
    EXCLUDED,
    OVER_CEILING,
    PROTECTION,
    TOTAL,
    UPFRONT,
    ClaimFile,
    Reject,
)
from claims.importing.columns import Array
from claims.rules import batch, explanation
from claims.rules.compiled import RunYears

RESULTS = (
    "claim_id",
    "eligible",
    "prepay",
    "deductible",
    "pooled",
    "major_illness",
    "assistance",
    "personal_burden",
)
REJECTS = ("line", "claim_id", "column", "reason")
_QUOTED = frozenset(',"\r\n')


@dataclass(slots=True)
class Summary:
    """What became of a file."""

    claims: int = 0
    computed: int = 0
    refused_years: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Claims without a result."""
        return self.claims - self.computed


def settle_file(
    claims: ClaimFile,
    results: TextIO,
    *,
    explain: TextIO | None,
    rejects: TextIO | None,
    compiled: RunYears | None = None,
) -> Summary:
    """Settle a claim file; results and explanations stand in the input's order."""
    summary = Summary(claims=len(claims.claim_ids), refused_years=len(claims.refused_years()))
    summary.rejects = claims.rejects()
    order, starts = claims.in_order()
    summary.computed = len(order)
    outcome, trace = batch.settle(
        claims.rulebook, starts, _kernel_rows(claims.values[order]), compiled=compiled, tracing=explain is not None
    )
    # Where the outcome of each row of the file stands; those without one keep -1.
    at = np.full(summary.claims, -1, dtype=np.int64)
    at[order] = np.arange(len(order))
    _write_results(claims, outcome, at, results)
    if explain is not None:
        _write_explanations(claims, outcome, trace, at, explain)
    if rejects is not None:
        writer = csv.writer(rejects, lineterminator="\n")
        writer.writerow(REJECTS)
        writer.writerows((item.line, item.claim_id, item.column, item.reason) for item in summary.rejects)
    return summary


def _kernel_rows(values: Array) -> Array:
    """Rows as the kernel reads them: both table rows, the total, and what is eligible of it."""
    return np.stack([values[:, CELL], values[:, PROTECTION], values[:, TOTAL], _eligible(values)], axis=1)


def _eligible(values: Array) -> Array:
    eligible: Array = values[:, TOTAL] - values[:, EXCLUDED] - values[:, OVER_CEILING] - values[:, UPFRONT]
    return eligible


def _write_results(claims: ClaimFile, outcome: Array, at: Array, target: TextIO) -> None:
    csv.writer(target, lineterminator="\n").writerow(RESULTS)
    for first in range(0, len(at), CHUNK):
        rows = np.flatnonzero(at[first : first + CHUNK] >= 0) + first
        amounts = np.column_stack([_eligible(claims.values[rows]), outcome[at[rows]]])
        names = [claims.claim_ids[number] for number in rows.tolist()]
        if _QUOTED.isdisjoint("".join(names)):
            target.write(_lines(names, amounts))
        else:
            written = ([name, *map(format_yuan, row)] for name, row in zip(names, amounts.tolist(), strict=True))
            csv.writer(target, lineterminator="\n").writerows(written)


def _lines(names: list[str], amounts: Array) -> str:
    """Rows of the results in one piece: names that need no quotes, amounts that are never negative."""
    yuan, cents = np.divmod(amounts, 100)
    parts = [
        part for column in range(amounts.shape[1]) for part in (yuan[:, column].tolist(), cents[:, column].tolist())
    ]
    line = "%s" + ",%d.%02d" * amounts.shape[1] + "\n"
    return line * len(names) % tuple(itertools.chain.from_iterable(zip(names, *parts, strict=True)))


def _write_explanations(claims: ClaimFile, outcome: Array, trace: Array, at: Array, target: TextIO) -> None:
    for number in np.flatnonzero(at >= 0).tolist():
        row = claims.values[number]
        written = (
            *_kernel_rows(row[np.newaxis])[0].tolist(),
            *row[EXCLUDED:].tolist(),
            *outcome[at[number]].tolist(),
            *trace[at[number]].tolist(),
        )
        steps = [step.to_json() for step in explanation.steps(claims.rulebook, written)]
        target.write(json.dumps({"claim_id": claims.claim_ids[number], "steps": steps}, ensure_ascii=False))
        target.write("\n")

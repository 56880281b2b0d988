"""The steps of an explanation as bars on the scale of the bill's total: where each begins and ends. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bureau.kernel.trace import Source, Step

_TOTALS = frozenset({"total", "eligible", "personal_burden"})
_OWN = frozenset({"excluded", "over_ceiling", "upfront_copay", "prepay", "deductible", "relief_deductible"})
_PAID = frozenset({"pooled", "major_illness", "assistance"})


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: `start` and `end` in fen on the scale of the total; kinds are base, own (the person's) and paid."""

    step: str
    title: str
    formula: str
    amount: int
    start: int
    end: int
    kind: str
    is_total: bool
    sources: tuple[Source, ...]

    @property
    def tone(self) -> str:
        """The colour of the bar: each payer has its own."""
        return "assistance" if self.step == "special_relief" else self.step if self.kind == "paid" else self.kind

    @property
    def is_taken_off(self) -> bool:
        """Whether the amount leaves the scope of payment here (shown with a minus)."""
        return self.kind == "own" and not self.is_total


def bars(steps: Iterable[Step]) -> list[Bar]:
    """Deductions hang on the right end of what they are taken from; payments follow each other from the left."""
    drawn: list[Bar] = []
    paid = ordinary_relief = 0
    for step in steps:
        kind, start, end = "base", paid, paid + step.amount
        if step.step in ("total", "eligible"):
            start, end = 0, step.amount
        elif step.step == "personal_burden":
            kind, start, end = "own", step.base - step.amount, step.base
        elif step.step in _OWN:
            kind, start, end = "own", paid + step.base - step.amount, paid + step.base
        elif step.step == "special_relief":
            kind, start, end = "paid", paid - ordinary_relief, paid - ordinary_relief + step.amount
        elif step.step in _PAID:
            kind, paid = "paid", paid + step.amount
            ordinary_relief = step.amount if step.step == "assistance" else 0
        drawn.append(
            Bar(
                step.step,
                step.title,
                step.formula,
                step.amount,
                start,
                end,
                kind,
                step.step in _TOTALS,
                step.sources,
            )
        )
    return drawn

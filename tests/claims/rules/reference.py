"""The law of four cities a second time, in Decimal yuan, written from benefit-engine.md §4–5 and not from the engine.

It shares no table, no constant and no function with the code that it judges; only the facts' names are the same.
What each city says stands in `reference_cities.py`; this is the waterfall.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.claims.rules.reference_cities import CITIES, Law, Terms

D = Decimal
FEN = D("0.01")


def yuan(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def from_fen(fen: int) -> Decimal:
    return D(fen) / 100


class Year:
    """One person's calendar year."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.deducted: dict[str, Decimal] = {}
        self.limited: dict[str, Decimal] = {}
        self.pooled = self.expense = self.major = D(0)
        self.relief_deducted = self.relieved = self.relieved_outpatient = D(0)

    def settle(self, claim: Any) -> dict[str, Decimal]:
        assert claim.service_date >= self.law.begins
        total = from_fen(claim.total)
        eligible = total - from_fen(claim.excluded) - from_fen(claim.over_ceiling) - from_fen(claim.upfront_copay)
        layers = {"prepay": D(0), "deductible": D(0), "pooled": D(0), "major_illness": D(0), "assistance": D(0)}
        terms = self.law.terms(claim)
        if terms is not None:
            layers["prepay"] = yuan(eligible * self.law.prepaid(claim))
            rest = eligible - layers["prepay"]
            layers["deductible"] = self.deduct(terms, rest)
            layers["pooled"] = self.pay(terms, claim, rest - layers["deductible"])
            rest -= layers["pooled"]
            layers["major_illness"] = self.pay_major(claim, rest)
            rest -= layers["major_illness"]
            ordinary = self.relieve(claim, rest)
            share = self.law.special_share(claim)
            special = D(0) if share is None else max(D(0), rest - yuan(eligible * share))
            layers["assistance"] = max(ordinary, special)
        paid = layers["pooled"] + layers["major_illness"] + layers["assistance"]
        return {"eligible": eligible, **layers, "personal_burden": total - paid}

    def deduct(self, terms: Terms, base: Decimal) -> Decimal:
        if not terms.once_a_year:
            return min(base, terms.deductible)
        already = self.deducted.get(terms.once_a_year, D(0))
        amount = min(base, max(D(0), terms.deductible - already))
        self.deducted[terms.once_a_year] = already + amount
        return amount

    def pay(self, terms: Terms, claim: Any, base: Decimal) -> Decimal:
        ratio = min(D(1), max(D(0), terms.ratio + self.law.points(claim)))
        amount = yuan(base * ratio)
        already = self.limited.get(terms.limit_together, D(0)) if terms.limit_together else D(0)
        amount = min(amount, max(D(0), terms.limit - already))
        amount = min(amount, max(D(0), self.law.cap[claim.scheme == "resident"] - self.pooled))
        if terms.limit_together:
            self.limited[terms.limit_together] = already + amount
        self.pooled += amount
        return amount

    def scale(self, expense: Decimal, claim: Any) -> Decimal:
        line, more = self.law.major_deductible, D(0)
        if claim.relief in self.law.tilted:
            line, more = line * self.law.tilt_share, self.law.tilt_points
        total, lower = D(0), D(0)
        for upper, ratio in self.law.major_bands:
            start = max(lower, line)
            if expense > start:
                total += max(D(0), min(expense, upper) - start) * (ratio + more)
            lower = upper
        return min(yuan(total), self.law.major_cap_of(claim))

    def pay_major(self, claim: Any, rest: Decimal) -> Decimal:
        if not self.law.counts_for_major(claim):
            return D(0)
        before, self.expense = self.expense, self.expense + rest
        amount = max(D(0), self.scale(self.expense, claim) - self.scale(before, claim))
        amount = min(amount, max(D(0), self.law.major_cap_of(claim) - self.major))
        self.major += amount
        return amount

    def relieve(self, claim: Any, rest: Decimal) -> Decimal:
        law = self.law
        unfiled_far = law.where(claim) == "far" and not claim.filing
        # Nought percent is no relief, as a ratio of nought is no cover: nothing of a line is used up.
        entitled = claim.relief != "none" and law.relief_ratio[claim.relief] > 0
        if not entitled or claim.care not in law.relieved or unfiled_far:
            return D(0)
        deducted = min(rest, max(D(0), law.relief_deductible[claim.relief] - self.relief_deducted))
        self.relief_deducted += deducted
        amount = yuan((rest - deducted) * law.relief_ratio[claim.relief])
        outpatient = claim.care in ("outpatient", "pharmacy", "chronic")
        if law.outpatient_relief is not None and outpatient:
            amount = min(amount, max(D(0), law.outpatient_relief - self.relieved_outpatient))
        if claim.relief != "destitute":
            amount = min(amount, max(D(0), law.relief_cap - self.relieved))
        self.relieved += amount
        if outpatient:
            self.relieved_outpatient += amount
        return amount


def settle(claims: list[Any], law: str | Law = "mianyang") -> list[dict[str, Decimal]]:
    """Every layer of every claim, in yuan, in the order of the sequence; by a city's law or any other."""
    year = Year(CITIES[law] if isinstance(law, str) else law)
    return [year.settle(claim) for claim in sorted(claims, key=lambda claim: claim.sequence)]

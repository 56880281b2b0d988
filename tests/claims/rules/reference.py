"""Mianyang's benefits a second time, in Decimal yuan, written from benefit-engine.md §4–5 and not from the engine.

It shares no table, no constant and no function with the code that it judges; only the facts' names are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

D = Decimal
FEN = D("0.01")
NOTHING = D(0)
ENDLESS = D("1e12")
REFORM = date(2023, 1, 1)

COUNTING = {"inpatient", "serious", "dialysis", "chronic"}
TILTED = {"destitute", "subsistence"}
RELIEF_RATIO = {
    "destitute": D("1.00"),
    "subsistence": D("0.70"),
    "marginal": D("0.60"),
    "illness_poor": D("0.50"),
    "other": D("0.50"),
}
RELIEF_DEDUCTIBLE = {
    "destitute": D(0),
    "subsistence": D(0),
    "marginal": D(3000),
    "illness_poor": D(8000),
    "other": D(8000),
}


def yuan(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def from_fen(fen: int) -> Decimal:
    return D(fen) / 100


@dataclass
class Terms:
    """What the law gives one claim."""

    ratio: Decimal
    deductible: Decimal = NOTHING
    once_a_year: str = ""
    limit: Decimal = ENDLESS
    limit_together: str = ""


def where(claim: Any) -> str:
    if claim.care_area.startswith("5107"):
        return "here"
    return "province" if claim.care_area.startswith("51") else "far"


def terms(claim: Any) -> Terms | None:
    """The basic benefit of a claim before its points, or None: not covered."""
    employee = claim.scheme == "employee"
    retired = claim.employment == "retired"
    reformed = claim.service_date >= REFORM
    care, level = claim.care, claim.level
    if care in ("outpatient", "pharmacy"):
        if employee and not reformed:
            return None
        if employee:
            ratio = D("0.5") if level == "tertiary" else D("0.6")
            return Terms(
                ratio=ratio + (D("0.1") if retired else 0),
                deductible=D(150) if retired else D(200),
                once_a_year="outpatient",
                limit=D(2500) if retired else D(2000),
                limit_together="outpatient",
            )
        if level == "pharmacy":
            return None
        return Terms(D("0.6") if level == "primary" else D("0.5"), limit=D(300), limit_together="outpatient")
    if care == "chronic":
        if claim.chronic_count == 0:
            return None
        several = claim.chronic_count >= 2
        if employee and reformed:
            ratio, one, two = D("0.75"), D(2000), D(3000)
        elif employee:
            ratio, one, two = D("0.70"), D(1000), D(1500)
        elif reformed:
            ratio, one, two = D("0.65"), D(1000), D(1500)
        else:
            ratio, one, two = D("0.60"), D(500), D(750)
        return Terms(ratio, limit=two if several else one, limit_together="chronic")
    if care == "two_diseases":
        return None if employee else Terms(D("0.5"), limit=D(300), limit_together="two_diseases")
    if care == "maternity_natural":
        return Terms(D(1), limit=D(3000) if employee else D(1500))
    if care == "maternity_caesarean":
        return Terms(D(1), limit=D(5000) if employee else D(2000))
    if level == "pharmacy":
        return None
    line = {"primary": D(100), "secondary": D(400), "tertiary": D(800)}[level]
    ratio = {
        "primary": D("0.90"),
        "secondary": D("0.85") if employee else D("0.75"),
        "tertiary": D("0.80") if employee else D("0.60"),
    }[level]
    if where(claim) != "here":
        line = D(1000)
    return Terms(ratio, line, "" if care == "inpatient" else "serious")


def major_scale(expense: Decimal, relief: str) -> Decimal:
    line = D(7500) if relief in TILTED else D(15000)
    more = D("0.05") if relief in TILTED else D(0)
    total = D(0)
    for lower, upper, ratio in (
        (D(0), D(50000), D("0.60")),
        (D(50000), D(100000), D("0.65")),
        (D(100000), ENDLESS, D("0.70")),
    ):
        start = max(lower, line)
        if expense > start:
            total += (min(expense, upper) - start) * (ratio + more)
    return min(yuan(total), ENDLESS if relief in TILTED else D(400000))


class Year:
    """One person's calendar year."""

    def __init__(self) -> None:
        self.deducted: dict[str, Decimal] = {}
        self.limited: dict[str, Decimal] = {}
        self.pooled = self.expense = self.major = self.relief_deducted = self.relieved = D(0)

    def settle(self, claim: Any) -> dict[str, Decimal]:
        total = from_fen(claim.total)
        eligible = total - from_fen(claim.excluded) - from_fen(claim.over_ceiling) - from_fen(claim.upfront_copay)
        layers = {"prepay": D(0), "deductible": D(0), "pooled": D(0), "major_illness": D(0), "assistance": D(0)}
        law = terms(claim)
        if law is not None:
            layers["deductible"] = self.deduct(law, eligible)
            layers["pooled"] = self.pay(law, claim, eligible - layers["deductible"])
            rest = eligible - layers["pooled"]
            layers["major_illness"] = self.pay_major(claim, rest)
            layers["assistance"] = self.relieve(claim, rest - layers["major_illness"])
        paid = layers["pooled"] + layers["major_illness"] + layers["assistance"]
        return {"eligible": eligible, **layers, "personal_burden": total - paid}

    def deduct(self, law: Terms, eligible: Decimal) -> Decimal:
        if not law.once_a_year:
            return min(eligible, law.deductible)
        already = self.deducted.get(law.once_a_year, D(0))
        amount = min(eligible, max(D(0), law.deductible - already))
        self.deducted[law.once_a_year] = already + amount
        return amount

    def pay(self, law: Terms, claim: Any, base: Decimal) -> Decimal:
        ratio = law.ratio
        if where(claim) == "far" and not claim.filing:
            ratio = max(D(0), ratio - D("0.10"))
        amount = yuan(base * ratio)
        already = self.limited.get(law.limit_together, D(0)) if law.limit_together else D(0)
        amount = min(amount, max(D(0), law.limit - already))
        cap = D(400000) if claim.scheme == "employee" else D(200000)
        amount = min(amount, max(D(0), cap - self.pooled))
        if law.limit_together:
            self.limited[law.limit_together] = already + amount
        self.pooled += amount
        return amount

    def pay_major(self, claim: Any, rest: Decimal) -> Decimal:
        if claim.care not in COUNTING:
            return D(0)
        before, self.expense = self.expense, self.expense + rest
        amount = max(D(0), major_scale(self.expense, claim.relief) - major_scale(before, claim.relief))
        if claim.relief not in TILTED:
            amount = min(amount, max(D(0), D(400000) - self.major))
        self.major += amount
        return amount

    def relieve(self, claim: Any, rest: Decimal) -> Decimal:
        unfiled_far = where(claim) == "far" and not claim.filing
        if claim.relief == "none" or claim.care not in COUNTING or unfiled_far:
            return D(0)
        deducted = min(rest, max(D(0), RELIEF_DEDUCTIBLE[claim.relief] - self.relief_deducted))
        self.relief_deducted += deducted
        amount = yuan((rest - deducted) * RELIEF_RATIO[claim.relief])
        if claim.relief != "destitute":
            amount = min(amount, max(D(0), D(50000) - self.relieved))
        self.relieved += amount
        return amount


def settle(claims: list[Any]) -> list[dict[str, Decimal]]:
    """Every layer of every claim, in yuan, in the order of the sequence."""
    year = Year()
    return [year.settle(claim) for claim in sorted(claims, key=lambda claim: claim.sequence)]

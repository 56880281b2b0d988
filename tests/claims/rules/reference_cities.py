"""What benefit-engine.md §5 says of each city, in Decimal yuan and in our own tables: nothing here reads a pack."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

D = Decimal
NOTHING = D(0)
ENDLESS = D("1e12")

STAYS = ("inpatient", "serious", "dialysis")
VISITS = ("outpatient", "pharmacy")
PRIMARY, SECONDARY, TERTIARY, PHARMACY = "primary", "secondary", "tertiary", "pharmacy"


@dataclass
class Terms:
    """What the law gives one claim before its points."""

    ratio: Decimal
    deductible: Decimal = NOTHING
    once_a_year: str = ""
    limit: Decimal = ENDLESS
    limit_together: str = ""


def percent(*numbers: int) -> dict[str, Decimal]:
    """p, s, t and, where a fourth is given, ph."""
    return {
        level: D(number) / 100 for level, number in zip((PRIMARY, SECONDARY, TERTIARY, PHARMACY), numbers, strict=False)
    }


class Law:
    """What is common to the four sets."""

    begins: date
    province: str
    # Of employees, of residents.
    cap: tuple[Decimal, Decimal]
    major_deductible: Decimal
    major_bands: tuple[tuple[Decimal, Decimal], ...]
    major_cap: Decimal
    major_counts: tuple[str, ...] = (*STAYS, "chronic")
    tilted: tuple[str, ...]
    tilted_uncapped = True
    tilt_share = D("0.5")
    tilt_points = D("0.05")
    relieved: tuple[str, ...] = (*STAYS, "chronic")
    relief_ratio: dict[str, Decimal]
    relief_deductible: dict[str, Decimal]
    relief_cap: Decimal
    outpatient_relief: Decimal | None = None

    def pool(self, area: str, day: date) -> str | None:
        raise NotImplementedError

    def where(self, claim: Any) -> str:
        home = self.pool(claim.insured_area, claim.service_date)
        assert home is not None
        if self.pool(claim.care_area, claim.service_date) == home:
            return "here"
        return "province" if claim.care_area[:2] == self.province else "far"

    def terms(self, claim: Any) -> Terms | None:
        if claim.care in VISITS:
            return self.visit(claim)
        if claim.care == "chronic":
            return None if claim.chronic_count == 0 else self.chronic(claim)
        if claim.care == "two_diseases":
            if claim.scheme == "employee":
                return None
            return Terms(D("0.50"), limit=D(300), limit_together="two_diseases")
        if claim.care.startswith("maternity"):
            natural = claim.care == "maternity_natural"
            if claim.scheme == "employee":
                return Terms(D(1), limit=D(3000) if natural else D(5000))
            return Terms(D(1), limit=D(1500) if natural else D(2000))
        return self.stay(claim)

    def visit(self, claim: Any) -> Terms | None:
        raise NotImplementedError

    def chronic(self, claim: Any) -> Terms | None:
        raise NotImplementedError

    def stay(self, claim: Any) -> Terms | None:
        raise NotImplementedError

    def points(self, claim: Any) -> Decimal:
        raise NotImplementedError

    def prepaid(self, claim: Any) -> Decimal:
        return NOTHING

    def counts_for_major(self, claim: Any) -> bool:
        return claim.care in self.major_counts

    def major_cap_of(self, claim: Any) -> Decimal:
        return ENDLESS if self.tilted_uncapped and claim.relief in self.tilted else self.major_cap

    def special_share(self, claim: Any) -> Decimal | None:
        return None


def relief(destitute: int, subsistence: int, marginal: int, illness_poor: int, other: int) -> dict[str, Decimal]:
    names = ("destitute", "subsistence", "marginal", "illness_poor", "other")
    return dict(zip(names, map(D, (destitute, subsistence, marginal, illness_poor, other)), strict=True))


def shares(*numbers: int) -> dict[str, Decimal]:
    return {name: amount / 100 for name, amount in relief(*numbers).items()}


class Mianyang(Law):
    begins = date(2022, 1, 1)
    province = "51"
    cap = (D(400_000), D(200_000))
    major_deductible = D(15_000)
    major_bands = ((D(50_000), D("0.60")), (D(100_000), D("0.65")), (ENDLESS, D("0.70")))
    major_cap = D(400_000)
    tilted = ("destitute", "subsistence")
    relief_ratio = shares(100, 70, 60, 50, 50)
    relief_deductible = relief(0, 0, 3_000, 8_000, 8_000)
    relief_cap = D(50_000)

    reform = date(2023, 1, 1)

    def pool(self, area: str, day: date) -> str | None:
        return "mianyang" if area.startswith("5107") else None

    def visit(self, claim: Any) -> Terms | None:
        if claim.scheme == "employee":
            if claim.service_date < self.reform:
                return None
            retired = claim.employment == "retired"
            ratio = D("0.5") if claim.level == TERTIARY else D("0.6")
            return Terms(
                ratio=ratio + (D("0.1") if retired else 0),
                deductible=D(150) if retired else D(200),
                once_a_year="outpatient",
                limit=D(2500) if retired else D(2000),
                limit_together="outpatient",
            )
        if claim.level == PHARMACY:
            return None
        return Terms(D("0.6") if claim.level == PRIMARY else D("0.5"), limit=D(300), limit_together="outpatient")

    def chronic(self, claim: Any) -> Terms | None:
        reformed = claim.service_date >= self.reform
        if claim.scheme == "employee" and reformed:
            ratio, one, two = D("0.75"), D(2000), D(3000)
        elif claim.scheme == "employee":
            ratio, one, two = D("0.70"), D(1000), D(1500)
        elif reformed:
            ratio, one, two = D("0.65"), D(1000), D(1500)
        else:
            ratio, one, two = D("0.60"), D(500), D(750)
        return Terms(ratio, limit=two if claim.chronic_count >= 2 else one, limit_together="chronic")

    def stay(self, claim: Any) -> Terms | None:
        if claim.level == PHARMACY:
            return None
        employee = claim.scheme == "employee"
        line = {PRIMARY: D(100), SECONDARY: D(400), TERTIARY: D(800)}[claim.level]
        ratio = (percent(90, 85, 80) if employee else percent(90, 75, 60))[claim.level]
        if self.where(claim) != "here":
            line = D(1000)
        return Terms(ratio, line, "" if claim.care == "inpatient" else "serious")

    def points(self, claim: Any) -> Decimal:
        return D("-0.10") if self.where(claim) == "far" and not claim.filing else NOTHING


class Wenzhou(Law):
    begins = date(2022, 1, 1)
    province = "33"
    cap = (D(400_000), D(250_000))
    major_deductible = D(20_000)
    major_bands = ((D(100_000), D("0.60")), (ENDLESS, D("0.70")))
    major_cap = D(300_000)
    tilted = ("destitute", "subsistence", "marginal", "illness_poor", "other")
    tilted_uncapped = False
    relieved = (*STAYS, *VISITS, "chronic")
    relief_ratio = shares(100, 70, 60, 50, 50)
    relief_deductible = relief(0, 0, 0, 20_000, 20_000)
    relief_cap = D(80_000)
    outpatient_relief = D(5_000)

    def pool(self, area: str, day: date) -> str | None:
        return "wenzhou" if area.startswith("3303") else None

    def visit(self, claim: Any) -> Terms | None:
        if claim.scheme == "employee":
            retired = claim.employment == "retired"
            return Terms(
                percent(75, 65, 55, 65)[claim.level],
                D(200) if retired else D(300),
                "outpatient",
                D(6000) if retired else D(5000),
                "outpatient",
            )
        if claim.level == PHARMACY:
            return None
        return Terms(percent(50, 30, 20)[claim.level], D(100), "outpatient", D(1500), "outpatient")

    def chronic(self, claim: Any) -> Terms | None:
        several = claim.chronic_count > 1
        if claim.scheme == "employee":
            return Terms(D("0.80"), limit=D(6000) if several else D(4000), limit_together="chronic")
        return Terms(D("0.60"), limit=D(3000) if several else D(2000), limit_together="chronic")

    def stay(self, claim: Any) -> Terms | None:
        if claim.level == PHARMACY:
            return None
        ratio = percent(90, 85, 80) if claim.scheme == "employee" else percent(85, 75, 65)
        line = {PRIMARY: D(300), SECONDARY: D(600), TERTIARY: D(900)}[claim.level]
        return Terms(ratio[claim.level], line, "" if claim.care == "inpatient" else "serious")

    def points(self, claim: Any) -> Decimal:
        points = NOTHING
        if claim.employment == "retired" and claim.care in (*VISITS, *STAYS):
            points += D("0.05")
        if not claim.filing:
            points -= {"here": D(0), "province": D("0.05"), "far": D("0.10")}[self.where(claim)]
        return points

    def major_cap_of(self, claim: Any) -> Decimal:
        return ENDLESS if claim.registered_poor else self.major_cap


class Hangzhou(Law):
    begins = date(2021, 1, 1)
    province = "33"
    cap = (D(400_000), D(250_000))
    major_deductible = D(25_000)
    major_bands = ((D(50_000), D("0.60")), (D(200_000), D("0.70")), (ENDLESS, D("0.80")))
    major_cap = D(500_000)
    tilted = ("destitute", "subsistence", "marginal")
    relief_ratio = shares(100, 80, 70, 60, 50)
    relief_deductible = relief(0, 0, 0, 0, 0)
    relief_cap = D(100_000)

    merged = date(2022, 1, 1)
    counties = ("330122", "330127", "330182")

    def pool(self, area: str, day: date) -> str | None:
        if not area.startswith("3301"):
            return None
        return area if day < self.merged and area in self.counties else "city"

    def signed(self, claim: Any) -> bool:
        return bool(claim.signed) and self.pool(claim.insured_area, claim.service_date) == "city"

    def visit(self, claim: Any) -> Terms | None:
        less = D(300) if self.signed(claim) else NOTHING
        if claim.scheme == "employee":
            retired = claim.employment == "retired"
            return Terms(
                percent(80, 70, 60, 60)[claim.level],
                max(D(0), (D(300) if retired else D(1000)) - less),
                "outpatient",
                D(12_000) if retired else D(10_000),
                "outpatient",
            )
        if claim.level == PHARMACY:
            return None
        return Terms(percent(60, 45, 35)[claim.level], D(300) - less, "outpatient", D(3000), "outpatient")

    def chronic(self, claim: Any) -> Terms | None:
        if claim.level == PHARMACY:
            return None
        return Terms((percent(95, 90, 85) if claim.scheme == "employee" else percent(80, 75, 70))[claim.level])

    def stay(self, claim: Any) -> Terms | None:
        employee = claim.scheme == "employee"
        if claim.care == "dialysis":
            return Terms(D("0.85") if employee else D("0.70"))
        if claim.level == PHARMACY:
            return None
        ratio = percent(90, 86, 82) if employee else percent(80, 75, 70)
        line = {PRIMARY: D(300), SECONDARY: D(600), TERTIARY: D(800)}[claim.level]
        return Terms(ratio[claim.level], line, "" if claim.care == "inpatient" else "serious")

    def points(self, claim: Any) -> Decimal:
        points = NOTHING
        if claim.employment == "retired" and claim.care in VISITS:
            points += D("0.05")
        if claim.employment == "retired" and claim.care in ("inpatient", "serious"):
            points += D("0.03")
        if claim.care in VISITS and self.signed(claim):
            points += D("0.03")
        if self.where(claim) == "far" and not claim.filing:
            points -= D("0.10")
        return points

    def prepaid(self, claim: Any) -> Decimal:
        county = claim.service_date < self.merged and claim.insured_area in self.counties
        return D("0.10") if county and self.where(claim) == "province" and not claim.filing else NOTHING

    def counts_for_major(self, claim: Any) -> bool:
        return claim.care in STAYS or (claim.care == "chronic" and claim.service_date >= self.merged)

    def special_share(self, claim: Any) -> Decimal | None:
        unfiled_far = self.where(claim) == "far" and not claim.filing
        if claim.care != "dialysis" or claim.service_date < self.merged or unfiled_far:
            return None
        return D("0.05") if claim.scheme == "employee" else D("0.10")


class Changchun(Law):
    begins = date(2022, 1, 1)
    province = "22"
    cap = (D(300_000), D(200_000))
    major_deductible = D(18_000)
    major_bands = ((D(100_000), D("0.60")), (ENDLESS, D("0.65")))
    major_cap = D(300_000)
    tilted = ("destitute", "subsistence")
    relief_ratio = shares(100, 75, 65, 50, 50)
    relief_deductible = relief(0, 0, 2_000, 10_000, 10_000)
    relief_cap = D(60_000)

    entered = date(2022, 9, 1)
    apart = ("220112", "220113", "220122", "220182", "220183", "220184")

    def pool(self, area: str, day: date) -> str | None:
        if not area.startswith("2201"):
            return None
        return area if day < self.entered and area in self.apart else "city"

    def visit(self, claim: Any) -> Terms | None:
        if claim.scheme == "employee" or claim.care == "pharmacy" or claim.level == PHARMACY:
            return None
        return Terms(percent(50, 40, 30)[claim.level], limit=D(200), limit_together="outpatient")

    def chronic(self, claim: Any) -> Terms | None:
        several = claim.chronic_count > 1
        if claim.scheme == "employee":
            return Terms(D("0.70"), limit=D(4500) if several else D(3000), limit_together="chronic")
        return Terms(D("0.60"), limit=D(2000) if several else D(1500), limit_together="chronic")

    def stay(self, claim: Any) -> Terms | None:
        if claim.level == PHARMACY:
            return None
        ratio = percent(90, 88, 85) if claim.scheme == "employee" else percent(85, 70, 60)
        line = {PRIMARY: D(300), SECONDARY: D(600), TERTIARY: D(900)}[claim.level]
        return Terms(ratio[claim.level], line, "" if claim.care == "inpatient" else "serious")

    def points(self, claim: Any) -> Decimal:
        points = D("0.03") if claim.employment == "retired" and claim.care in STAYS else NOTHING
        return points - (D("0.10") if self.where(claim) != "here" and not claim.filing else NOTHING)


CITIES: dict[str, Law] = {
    "mianyang": Mianyang(),
    "wenzhou": Wenzhou(),
    "hangzhou": Hangzhou(),
    "changchun": Changchun(),
}

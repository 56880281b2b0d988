"""Small laws made up by hypothesis: as a pack for the compiler, and once more in Decimal for the reference.

Both are written from the same numbers and share nothing else. Amounts are whole yuan, ratios and points whole percent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bureau.policy.rules.packs import bundle, load_bytes
from bureau.policy.rules.rulebook import Rulebook
from tests.claims.rules.reference_cities import ENDLESS, NOTHING, STAYS, VISITS, Law, Terms

D = Decimal
REFORM = date(2023, 7, 1)
LEVELS = ("primary", "secondary", "tertiary")
CATEGORIES = ("destitute", "subsistence", "marginal", "illness_poor", "other")
TILTED = ("destitute", "subsistence", "marginal")


@dataclass(frozen=True)
class Numbers:
    """Everything that differs from one made-up law to the next; pairs are (employee, resident)."""

    visit_line: tuple[int, int, int]  # in service, retired, resident
    visit_ratio: tuple[tuple[int, int, int, int], tuple[int, int, int, int]]  # by level, pharmacy last
    visit_limit: tuple[int, int]
    chronic_ratio: tuple[int, int]
    chronic_limit: tuple[int, int]  # one disease, several
    stay_line: tuple[int, int]
    stay_ratio: tuple[tuple[int, int, int], tuple[int, int, int]]
    dialysis_ratio: tuple[int, int]
    cap: tuple[int, int]
    major_line: int
    major_bands: tuple[tuple[int, int], ...]
    major_cap: int
    relief_ratio: tuple[int, int, int, int, int]
    relief_line: tuple[int, int, int, int, int]
    relief_cap: int
    visit_relief: int
    retired_points: int
    away_points: int
    signed_points: int
    signed_less: int
    prepaid: int
    tilt_share: int
    tilt_points: int
    special_share: tuple[int, int]
    reform_points: int


def _yuan(most: int) -> st.SearchStrategy[int]:
    return st.one_of(st.just(0), st.integers(1, most))


def _pair(one: st.SearchStrategy[int]) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(one, one)


PERCENT = st.integers(0, 100)
# A ratio of 0 % is no cover, and the compiler refuses a modifier that finds nothing to modify.
COVERED = st.integers(1, 100)
BANDS = st.lists(st.integers(1_000, 300_000), min_size=1, max_size=4, unique=True).flatmap(
    lambda limits: st.tuples(*[st.tuples(st.just(limit), st.integers(0, 90)) for limit in sorted(limits)])
)
NUMBERS = st.builds(
    Numbers,
    visit_line=st.tuples(_yuan(1_500), _yuan(1_500), _yuan(1_500)),
    visit_ratio=st.tuples(*[st.tuples(COVERED, PERCENT, PERCENT, PERCENT)] * 2),
    visit_limit=_pair(_yuan(12_000)),
    chronic_ratio=_pair(PERCENT),
    chronic_limit=_pair(_yuan(6_000)),
    stay_line=_pair(_yuan(2_000)),
    stay_ratio=st.tuples(*[st.tuples(COVERED, PERCENT, PERCENT)] * 2),
    dialysis_ratio=_pair(COVERED),
    cap=_pair(st.integers(1_000, 400_000)),
    major_line=_yuan(60_000),
    major_bands=BANDS,
    major_cap=st.integers(1_000, 500_000),
    relief_ratio=st.tuples(*[PERCENT] * 5),
    relief_line=st.tuples(*[_yuan(20_000)] * 5),
    relief_cap=st.integers(100, 100_000),
    visit_relief=st.integers(1, 10_000),
    retired_points=st.integers(0, 20),
    away_points=st.integers(-60, -1),
    signed_points=st.integers(0, 20),
    signed_less=st.integers(1, 500),
    prepaid=st.integers(1, 50),
    tilt_share=st.integers(10, 100),
    tilt_points=st.integers(0, 10),
    special_share=_pair(st.integers(0, 20)),
    reform_points=st.integers(-30, 30),
)


def rulebook(numbers: Numbers) -> Rulebook:
    """The law as the portal has it: two documents, the second in force from the middle of the year."""
    return load_bytes(bundle("random", {"framework.yaml": _framework(numbers), "reform.yaml": _reform(numbers)}))


def _by_level(ratios: tuple[int, ...]) -> str:
    levels = (*LEVELS, "pharmacy")
    written = [f"{level}: {ratio}%" for level, ratio in zip(levels, ratios, strict=False)]
    return "{" + ", ".join([*written, *(["pharmacy: none"] if len(ratios) == len(LEVELS) else [])]) + "}"


def _by_scheme(values: tuple[int, int], unit: str) -> str:
    return f"{{employee: {values[0]}{unit}, resident: {values[1]}{unit}}}"


def _by_category(values: tuple[int, ...], unit: str) -> str:
    return "{" + ", ".join(f"{name}: {value}{unit}" for name, value in zip(CATEGORIES, values, strict=True)) + "}"


def _framework(n: Numbers) -> str:
    bands = [f"{{to: {limit}元, ratio: {ratio}%}}" for limit, ratio in n.major_bands]
    bands[-1] = bands[-1].replace(f"{n.major_bands[-1][0]}元", "none")
    visits, stays = "[outpatient, pharmacy]", "[inpatient, serious]"
    parameters = [
        "name: care.covered, by: [care, scheme], values: {outpatient|pharmacy|chronic|serious|dialysis|inpatient: "
        "{all: yes}, two_diseases: {employee: no, resident: yes}, maternity_natural|maternity_caesarean: {all: no}}",
        f"name: outpatient.deductible, for: {{care: {visits}, scheme: employee}}, by: [employment], "
        f"values: {{in_service: {n.visit_line[0]}元, retired: {n.visit_line[1]}元}}",
        f"name: outpatient.deductible, for: {{care: {visits}, scheme: resident}}, value: {n.visit_line[2]}元",
        f"name: outpatient.ratio, for: {{care: {visits}}}, by: [scheme, level], "
        f"values: {{employee: {_by_level(n.visit_ratio[0])}, resident: {_by_level(n.visit_ratio[1])}}}",
        f"name: outpatient.annual_limit, for: {{care: {visits}}}, by: [scheme], "
        f"values: {_by_scheme(n.visit_limit, '元')}",
        "name: two_diseases.deductible, for: {care: two_diseases}, value: none",
        "name: two_diseases.ratio, for: {care: two_diseases, scheme: resident}, value: 50%",
        "name: two_diseases.annual_limit, for: {care: two_diseases}, value: 300元",
        "name: chronic.deductible, for: {care: chronic}, value: none",
        f"name: chronic.ratio, for: {{care: chronic}}, by: [scheme], values: {_by_scheme(n.chronic_ratio, '%')}",
        "name: chronic.annual_limit, for: {care: chronic}, by: [chronic_count], "
        f"values: {{1: {n.chronic_limit[0]}元, 2+: {n.chronic_limit[1]}元}}",
        f"name: inpatient.deductible, for: {{care: {stays}}}, by: [scheme], values: {_by_scheme(n.stay_line, '元')}",
        f"name: inpatient.ratio, for: {{care: {stays}}}, by: [scheme, level], "
        f"values: {{employee: {_by_level(n.stay_ratio[0])}, resident: {_by_level(n.stay_ratio[1])}}}",
        "name: dialysis.deductible, for: {care: dialysis}, value: none",
        f"name: dialysis.ratio, for: {{care: dialysis}}, by: [scheme], values: {_by_scheme(n.dialysis_ratio, '%')}",
        "name: inpatient.annual_limit, for: {care: [inpatient, serious, dialysis]}, value: none",
        f"name: pooled.annual_cap, by: [scheme], values: {_by_scheme(n.cap, '元')}",
        "name: major_illness.counts, by: [care], values: {inpatient|serious|dialysis|chronic: yes, "
        "outpatient|pharmacy|two_diseases|maternity_natural|maternity_caesarean: no}",
        f"name: major_illness.deductible, value: {n.major_line}元",
        f"name: major_illness.bands, value: [{', '.join(bands)}]",
        f"name: major_illness.annual_cap, value: {n.major_cap}元",
        "name: relief.counts, by: [care], values: {outpatient|pharmacy|chronic|inpatient|serious|dialysis: yes, "
        "two_diseases|maternity_natural|maternity_caesarean: no}",
        "name: relief.outpatient_counts, for: {care: [outpatient, pharmacy, chronic]}, value: yes",
        f"name: relief.outpatient_limit, value: {n.visit_relief}元",
        f"name: relief.ratio, by: [relief], values: {_by_category(n.relief_ratio, '%')}",
        f"name: relief.deductible, by: [relief], values: {_by_category(n.relief_line, '元')}",
        "name: relief.annual_cap, by: [relief], values: {destitute: none, "
        f"subsistence|marginal|illness_poor|other: {n.relief_cap}元}}",
        "name: relief.special_share, for: {care: dialysis}, by: [scheme], "
        f"values: {_by_scheme(n.special_share, '%')}",
        f"name: care.prepayment, for: {{relation: same_province, filing: no}}, value: {n.prepaid}%",
    ]
    tilted = f"for: {{relief: [{', '.join(TILTED)}]}}"
    modifiers = [
        f"name: a, changes: ratio, for: {{employment: retired}}, value: +{n.retired_points}点",
        f"name: b, changes: ratio, for: {{relation: other_province, filing: no}}, value: {n.away_points}点",
        f"name: c, changes: ratio, for: {{care: {visits}, signed: yes}}, value: +{n.signed_points}点",
        f"name: d, changes: deductible, for: {{care: {visits}, signed: yes}}, value: -{n.signed_less}元",
        f"name: e, changes: major_deductible, {tilted}, value: ×{n.tilt_share}%",
        f"name: f, changes: major_bands, {tilted}, value: +{n.tilt_points}点",
        "name: g, changes: major_cap, for: {registered_poor: yes}, value: none",
        "name: h, changes: relief_counts, for: {relation: other_province, filing: no}, value: no",
        "name: i, changes: special_share, for: {care: dialysis, relation: other_province, filing: no}, value: none",
    ]
    return "\n".join(
        [
            "document: {id: random-framework, title: 随机总则, number: null, "
            "in_force: {from: 2023-01-01, until: null}, requirements: [HZ-01]}",
            "city: {code: 330100, name: 随机市, province: 33, in_force: {from: 2023-01-01, until: null}}",
            "clauses: {all: {at: 第一条, says: 全部}}",
            "pooling: [{name: city, title: 全市, clause: all, areas: [3301]}]",
            "pools:",
            f"- {{name: outpatient, of: deductible, clause: all, for: {{care: {visits}}}}}",
            "- {name: serious, of: deductible, clause: all, for: {care: serious}}",
            f"- {{name: outpatient, of: limit, clause: all, for: {{care: {visits}}}}}",
            "- {name: chronic, of: limit, clause: all, for: {care: chronic}}",
            "- {name: two_diseases, of: limit, clause: all, for: {care: two_diseases}}",
            "parameters:",
            *(f"- {{{line.replace(', ', ', clause: all, ', 1)}}}" for line in parameters),
            "modifiers:",
            *(f"- {{{line.replace(', ', ', clause: all, ', 1)}}}" for line in modifiers),
            "",
        ]
    )


def _reform(n: Numbers) -> str:
    sign = "+" if n.reform_points >= 0 else ""
    return "\n".join(
        [
            "document: {id: random-reform, title: 年中调整, number: null, "
            "in_force: {from: 2023-07-01, until: null}, requirements: [HZ-01]}",
            "clauses: {all: {at: 第一条, says: 住院比例调整}}",
            "modifiers:",
            f"- {{name: z, clause: all, changes: ratio, for: {{care: inpatient}}, value: {sign}{n.reform_points}点}}",
            "",
        ]
    )


class Made(Law):
    """The same law in Decimal, for the reference."""

    begins = date(2023, 1, 1)
    province = "33"
    tilted = TILTED
    relieved = (*STAYS, *VISITS, "chronic")

    def __init__(self, numbers: Numbers) -> None:
        n = self.n = numbers
        self.cap = (D(n.cap[0]), D(n.cap[1]))
        self.major_deductible = D(n.major_line)
        limits = [D(limit) for limit, _ in n.major_bands[:-1]]
        ratios = [D(ratio) / 100 for _, ratio in n.major_bands]
        self.major_bands = tuple(zip([*limits, ENDLESS], ratios, strict=True))
        self.major_cap = D(n.major_cap)
        self.tilt_share, self.tilt_points = D(n.tilt_share) / 100, D(n.tilt_points) / 100
        self.relief_ratio = {name: D(x) / 100 for name, x in zip(CATEGORIES, n.relief_ratio, strict=True)}
        self.relief_deductible = {name: D(x) for name, x in zip(CATEGORIES, n.relief_line, strict=True)}
        self.relief_cap = D(n.relief_cap)
        self.outpatient_relief = D(n.visit_relief)

    def pool(self, area: str, day: date) -> str | None:
        return "city" if area.startswith("3301") else None

    def terms(self, claim: Any) -> Terms | None:
        found = None if claim.care.startswith("maternity") else super().terms(claim)
        return None if found is None or found.ratio == 0 else found

    def visit(self, claim: Any) -> Terms:
        n, resident = self.n, claim.scheme == "resident"
        line = n.visit_line[2 if resident else ("in_service", "retired").index(claim.employment)]
        if claim.signed:
            line = max(0, line - n.signed_less)
        ratio = n.visit_ratio[resident][(*LEVELS, "pharmacy").index(claim.level)]
        return Terms(D(ratio) / 100, D(line), "visit", D(n.visit_limit[resident]), "visit")

    def chronic(self, claim: Any) -> Terms:
        limit = D(self.n.chronic_limit[claim.chronic_count > 1])
        return Terms(D(self.n.chronic_ratio[claim.scheme == "resident"]) / 100, limit=limit, limit_together="chronic")

    def stay(self, claim: Any) -> Terms | None:
        n, resident = self.n, claim.scheme == "resident"
        if claim.care == "dialysis":
            return Terms(D(n.dialysis_ratio[resident]) / 100)
        if claim.level == "pharmacy":
            return None
        ratio = D(n.stay_ratio[resident][LEVELS.index(claim.level)]) / 100
        return Terms(ratio, D(n.stay_line[resident]), "serious" if claim.care == "serious" else "")

    def points(self, claim: Any) -> Decimal:
        n, points = self.n, 0
        if claim.employment == "retired":
            points += n.retired_points
        if self.where(claim) == "far" and not claim.filing:
            points += n.away_points
        if claim.signed and claim.care in VISITS:
            points += n.signed_points
        if claim.care == "inpatient" and claim.service_date >= REFORM:
            points += n.reform_points
        return D(points) / 100

    def prepaid(self, claim: Any) -> Decimal:
        return D(self.n.prepaid) / 100 if self.where(claim) == "province" and not claim.filing else NOTHING

    def major_cap_of(self, claim: Any) -> Decimal:
        return ENDLESS if claim.registered_poor else self.major_cap

    def special_share(self, claim: Any) -> Decimal | None:
        if claim.care != "dialysis" or (self.where(claim) == "far" and not claim.filing):
            return None
        return D(self.n.special_share[claim.scheme == "resident"]) / 100

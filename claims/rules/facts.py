"""The facts of a claim as values, and where they lead in the compiled tables; what leads nowhere is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import MAX_FEN, format_yuan
from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme, Term
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Relation

_AREA_DIGITS = 6
_PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for code in range(first, last + 1)
)


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """Everything about one claim that the law asks for (benefit-engine §3); money in fen."""

    claim_id: str
    sequence: int
    service_date: date
    scheme: str
    employment: str
    relief: str
    registered_poor: bool
    care: str
    level: str
    insured_area: str
    care_area: str
    filing: bool
    signed: bool
    chronic_count: int
    total: int
    excluded: int
    over_ceiling: int
    upfront_copay: int

    @property
    def eligible(self) -> int:
        """政策范围内费用：总额减去全自费、超限价、先行自付。"""
        return self.total - self.excluded - self.over_ceiling - self.upfront_copay


class FactError(BusinessError):
    """A fact with which a claim cannot be computed; `column` names it as in the claim file."""

    def __init__(self, code: str, column: str, message: str) -> None:
        super().__init__(code, message)
        self.column = column


class Encoder:
    """Facts to cells, for one rulebook; keeps what it has looked up."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.offsets = rulebook.offsets
        self._places: dict[tuple[date, str, str], tuple[int, int]] = {}

    def encode(self, facts: ClaimFacts) -> tuple[int, int]:
        """The row of the claim in the table of benefits and in that of protections; raises `FactError`."""
        try:
            return self.cells(facts)
        except KeyError:
            unknown = FactError("claim.invalid", "", "费用的事实不完整，无法计算。")
            raise next(faults_of(self.rulebook, facts), unknown) from None

    def cells(self, facts: ClaimFacts) -> tuple[int, int]:
        """As `encode`, but an unknown fact is a bare KeyError."""
        place = self.place(facts.service_date, facts.insured_area, facts.care_area)
        standing = self.standing(
            facts.scheme,
            facts.employment,
            facts.relief,
            facts.care,
            facts.level,
            registered_poor=facts.registered_poor,
            filing=facts.filing,
            signed=facts.signed,
            chronic_count=facts.chronic_count,
        )
        return place[0] + standing[0], place[1] + standing[1]

    def standing(
        self,
        scheme: str,
        employment: str,
        relief: str,
        care: str,
        level: str,
        *,
        registered_poor: bool,
        filing: bool,
        signed: bool,
        chronic_count: int,
    ) -> tuple[int, int]:
        """The part of both rows that does not depend on day and place."""
        offsets = self.offsets
        person = (scheme, employment)
        if chronic_count < 0:
            raise KeyError(chronic_count)
        return (
            offsets.person[person]
            + offsets.care[care]
            + offsets.level[level]
            + offsets.filing[filing]
            + offsets.signed[signed]
            + offsets.chronic[min(chronic_count, 2)],
            offsets.protection_person[person] + offsets.relief[relief] + offsets.poor[registered_poor],
        )

    def place(self, day: date, insured_area: str, care_area: str) -> tuple[int, int]:
        """The part of both rows that depends on day and place."""
        found = self._places.get((day, insured_area, care_area))
        return self._place(day, insured_area, care_area) if found is None else found

    def _place(self, day: date, insured_area: str, care_area: str) -> tuple[int, int]:
        rulebook, offsets = self.rulebook, self.offsets
        period = rulebook.period_of(day)
        insured_pool = rulebook.pool_in(insured_area, period)
        if insured_pool is None or not _is_area(insured_area) or not _is_area(care_area):
            raise KeyError(insured_area)
        if insured_pool == rulebook.pool_in(care_area, period):
            relation = Relation.SAME_POOL
        elif care_area[:2] == insured_area[:2]:
            relation = Relation.SAME_PROVINCE
        else:
            relation = Relation.OTHER_PROVINCE
        pool = rulebook.pools.index(insured_pool)
        found = (
            period * offsets.period + pool * offsets.pool + offsets.relation[relation],
            period * offsets.protection_period + pool * offsets.protection_pool,
        )
        self._places[day, insured_area, care_area] = found
        return found


def faults_of(rulebook: Rulebook, facts: ClaimFacts) -> Iterator[FactError]:
    """Everything in the facts with which the claim cannot be computed, column by column."""
    if rulebook.period_of(facts.service_date) < 0:
        message = f"{facts.service_date} 没有生效的政策（{rulebook.city_set.name}自 {rulebook.starts[0]} 起）。"
        yield FactError("claim.no_policy", "service_date", message)
    elif not _is_area(facts.insured_area):
        yield FactError("claim.unknown_area", "insured_area", f"“{facts.insured_area}”不是六位行政区划代码。")
    elif rulebook.pool_of(facts.insured_area, facts.service_date) is None:
        message = f"参保地“{facts.insured_area}”不在{rulebook.city_set.name}的统筹区内。"
        yield FactError("claim.not_our_area", "insured_area", message)
    if not _is_area(facts.care_area):
        yield FactError("claim.unknown_area", "care_area", f"“{facts.care_area}”不是六位行政区划代码。")
    known: dict[str, type[Term]] = {"scheme": Scheme, "relief": ReliefCategory, "care": Care, "level": Level}
    for column, terms in known.items():
        codes = [term.value for term in terms]
        if getattr(facts, column) not in codes:
            yield unknown_value(column, getattr(facts, column), codes)
    if facts.scheme == Scheme.EMPLOYEE and facts.employment not in list(Employment):
        yield unknown_value("employment", facts.employment, [term.value for term in Employment])
    if facts.scheme == Scheme.RESIDENT and facts.employment:
        yield FactError("claim.unknown_value", "employment", "居民的 employment 应为空。")
    if facts.chronic_count < 0:
        yield FactError("claim.negative", "chronic_count", "慢性病病种数不能为负。")
    yield from amount_faults(facts.total, facts.excluded, facts.over_ceiling, facts.upfront_copay)


def amount_faults(total: int, excluded: int, over_ceiling: int, upfront_copay: int) -> Iterator[FactError]:
    """Negative amounts, and parts larger than the total."""
    amounts = {"total": total, "excluded": excluded, "over_ceiling": over_ceiling, "upfront_copay": upfront_copay}
    for column, amount in amounts.items():
        if amount < 0:
            yield FactError("claim.negative", column, f"金额 {format_yuan(amount)} 为负。")
        elif amount > MAX_FEN:
            yield FactError("claim.too_large", column, f"金额 {format_yuan(amount)} 过大。")
    parts = excluded + over_ceiling + upfront_copay
    if min(amounts.values()) >= 0 and parts > total:
        message = f"全自费、超限价、先行自付合计 {format_yuan(parts)} 大于总额 {format_yuan(total)}。"
        yield FactError("claim.parts_exceed_total", "total", message)


def unknown_value(column: str, value: str, known: Sequence[str]) -> FactError:
    """The refusal of a value that is not in its vocabulary."""
    said = f"“{value}”" if value else "空值"
    return FactError("claim.unknown_value", column, f"{column} 的{said}不认识，应为 {'、'.join(known)} 之一。")


def check(facts: ClaimFacts) -> None:
    """Refuse amounts that cannot be right; the labels are checked where they are looked up."""
    if (
        facts.excluded < 0
        or facts.over_ceiling < 0
        or facts.upfront_copay < 0
        or facts.eligible < 0
        or facts.total > MAX_FEN
    ):
        amounts = facts.total, facts.excluded, facts.over_ceiling, facts.upfront_copay
        raise next(amount_faults(*amounts))


def _is_area(code: str) -> bool:
    return len(code) == _AREA_DIGITS and code.isascii() and code.isdigit() and code[:2] in _PROVINCES

"""The explanation of a claim, read from the kernel's trace and the twins of its tables; nothing is computed again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bureau.kernel.money import format_ratio, format_yuan
from bureau.kernel.trace import Source, Step
from bureau.policy.rules import layout
from bureau.policy.rules.compiling import NO_CITATION
from bureau.policy.rules.mechanisms import BENEFIT, PROTECTION, Mechanism
from bureau.policy.rules.rulebook import Rulebook, value_text
from bureau.policy.rules.vocabulary import MECHANISMS, POOL_KINDS
from bureau.policy.terms import Unit
from claims.rules import kernel

_PARTS = 3
_MECHANISMS = {mechanism.key: mechanism for mechanism in (*MECHANISMS.values(), *POOL_KINDS.values())}


@dataclass(frozen=True, slots=True)
class Reading:
    """One traced claim (its trace without the version) with the rulebook that explains it."""

    rulebook: Rulebook
    trace: Sequence[int]

    @property
    def total(self) -> int:
        return self.trace[kernel.TOTAL]

    @property
    def eligible(self) -> int:
        return self.trace[kernel.ELIGIBLE]

    @property
    def is_covered(self) -> bool:
        return bool(self.value("covered"))

    @property
    def is_entitled(self) -> bool:
        """Whether the category of the person gets relief at all."""
        return bool(self.rulebook.protections[self.trace[kernel.PROTECTION], layout.RELIEF_ENTITLED])

    def part(self, number: int) -> int:
        return self.trace[kernel.CLAIM_COLUMNS + number]

    def out(self, column: int) -> int:
        return self.trace[kernel.CLAIM_COLUMNS + _PARTS + column]

    def mid(self, column: int) -> int:
        return self.trace[kernel.CLAIM_COLUMNS + _PARTS + kernel.RESULT_COLUMNS + column]

    def value(self, key: str) -> int:
        mechanism = _MECHANISMS[key]
        if mechanism.table == BENEFIT:
            return int(self.rulebook.benefits[self.trace[kernel.CELL], mechanism.column])
        return int(self.rulebook.protections[self.trace[kernel.PROTECTION], mechanism.column])

    def sources(self, *keys: str) -> tuple[Source, ...]:
        """The parameter of the first key with its changes, then those of the others."""
        return tuple(source for key in keys for source in self._sources(_MECHANISMS[key]))

    def _sources(self, mechanism: Mechanism) -> tuple[Source, ...]:
        if mechanism.table == PROTECTION:
            cited = self.rulebook.protections_cited[self.trace[kernel.PROTECTION], mechanism.column]
        else:
            cited = self.rulebook.benefits_cited[self.trace[kernel.CELL], mechanism.column]
        citation = int(cited)
        if citation == NO_CITATION:
            return ()
        text = self._bands() if mechanism.unit is Unit.BANDS else value_text(mechanism, self.value(mechanism.key))
        return self.rulebook.sources(citation, text)

    def _bands(self) -> str:
        row = self.rulebook.protections[self.trace[kernel.PROTECTION]].tolist()
        bands = []
        for upper, share in layout.bands_in(row[layout.BAND_COUNT :]):
            limit = "以上" if upper == layout.UNLIMITED else f"至{format_yuan(upper)}"
            bands.append(f"{limit} {format_ratio(share)}")
        return "；".join(bands) or "none"


def steps(rulebook: Rulebook, trace: Sequence[int]) -> list[Step]:
    """From the total to the personal burden: each step begins where an earlier one ended."""
    reading = Reading(rulebook, trace)
    layers = (_basic(reading), _major(reading), _relief(reading)) if reading.is_covered else (_not_covered(reading),)
    return [*_scope(reading), *(step for layer in layers for step in layer), _burden(reading)]


def _scope(reading: Reading) -> Iterator[Step]:
    yield Step("total", "医疗总费用", "本次费用总额", reading.total, reading.total)
    rest = reading.total
    parts = (("excluded", "全自费"), ("over_ceiling", "超限价"), ("upfront_copay", "先行自付"))
    for number, (name, title) in enumerate(parts):
        amount = reading.part(number)
        if amount:
            yield Step(name, title, f"{format_yuan(rest)} 中扣除{title} {format_yuan(amount)}", rest, amount)
            rest -= amount
    formula = "总额 − 全自费 − 超限价 − 先行自付"
    yield Step("eligible", "政策范围内费用", formula, rest, reading.eligible)


def _not_covered(reading: Reading) -> Iterator[Step]:
    """Not covered as such, not at this level (no ratio there), or chronic care without a recognised disease."""
    ratio = reading.sources("ratio")
    if ratio and reading.value("ratio") == 0:
        why, sources = "本级机构没有报销比例，全部由个人负担", ratio
    elif ratio:
        why, sources = "没有认定的慢性病病种，全部由个人负担", reading.sources("covered")
    else:
        why, sources = "本类费用不在保障范围，全部由个人负担", reading.sources("covered")
    yield Step("not_covered", "不予保障", why, reading.eligible, 0, sources)


def _basic(reading: Reading) -> Iterator[Step]:
    base = reading.eligible
    if reading.value("prepayment"):
        prepay = reading.out(kernel.OUT_PREPAY)
        formula = f"{format_yuan(base)} × {format_ratio(reading.value('prepayment'))}，先由个人负担"
        yield Step("prepay", "先行自付比例部分", formula, base, prepay, reading.sources("prepayment"))
        base -= prepay
    deductible = reading.out(kernel.OUT_DEDUCTIBLE)
    line, used = reading.value("deductible"), reading.mid(kernel.T_DEDUCTIBLE_USED)
    if line:
        yearly = reading.value("deductible_pool") != layout.PER_CLAIM
        formula = f"年度起付标准 {format_yuan(line)}，此前已扣 {format_yuan(used)}" if yearly else "每次扣起付标准"
        formula = f"{formula}，本次扣 {format_yuan(deductible)}"
        yield Step("deductible", "起付标准", formula, base, deductible, reading.sources("deductible"))
        base -= deductible
    raw, paid = reading.mid(kernel.T_RAW), reading.mid(kernel.T_PAID)
    formula = f"{format_yuan(base)} × {format_ratio(reading.value('ratio'))}"
    yield Step("ratio", "按比例报销", formula, base, raw, reading.sources("ratio"))
    if reading.value("limit") != layout.UNLIMITED:
        formula = f"限额 {format_yuan(reading.value('limit'))}，尚可报 {format_yuan(reading.mid(kernel.T_LIMIT_ROOM))}"
        yield Step("annual_limit", "待遇限额", formula, raw, paid, reading.sources("limit"))
    if reading.value("pooled_cap") == layout.UNLIMITED:
        formula = "统筹基金不设封顶"
    else:
        formula = f"统筹基金年度封顶，尚可支付 {format_yuan(reading.mid(kernel.T_CAP_ROOM))}"
    pooled = reading.out(kernel.OUT_POOLED)
    yield Step("pooled", "统筹基金支付", formula, paid, pooled, reading.sources("pooled_cap"))


def _major(reading: Reading) -> Iterator[Step]:
    if not reading.value("major_counts") or not reading.value("major_bands"):
        return
    expense, before = reading.mid(kernel.T_EXPENSE), reading.mid(kernel.T_EXPENSE_BEFORE)
    major = reading.out(kernel.OUT_MAJOR)
    line = format_yuan(reading.value("major_deductible"))
    formula = f"年度累计自付 {format_yuan(before)} → {format_yuan(before + expense)}，起付标准 {line}"
    if major != reading.mid(kernel.T_MAJOR_RAW):
        formula = f"{formula}，封顶前尚可支付 {format_yuan(reading.mid(kernel.T_MAJOR_ROOM))}"
    sources = reading.sources("major_bands", "major_deductible", "major_cap")
    yield Step("major_illness", "大病保险支付", formula, expense, major, sources)


def _relief(reading: Reading) -> Iterator[Step]:
    base, assistance = reading.mid(kernel.T_RELIEF_BASE), reading.out(kernel.OUT_ASSISTANCE)
    if reading.is_entitled and not reading.value("relief_counts"):
        yield Step("assistance", "医疗救助", "本次费用不计入医疗救助", base, 0, reading.sources("relief_counts"))
    elif reading.is_entitled:
        yield from _ordinary_relief(reading, base)
    if reading.value("special_share") != layout.NO_SHARE:
        share = format_ratio(reading.value("special_share"))
        formula = f"个人最多负担 {format_yuan(reading.eligible)} × {share}，其余由救助支付"
        yield Step("special_relief", "透析专项救助", formula, base, assistance, reading.sources("special_share"))


def _ordinary_relief(reading: Reading, base: int) -> Iterator[Step]:
    line, used = reading.value("relief_deductible"), reading.mid(kernel.T_RELIEF_DEDUCTIBLE_USED)
    if line:
        deductible = reading.mid(kernel.T_RELIEF_DEDUCTIBLE)
        formula = (
            f"年度救助起付标准 {format_yuan(line)}，此前已扣 {format_yuan(used)}，本次扣 {format_yuan(deductible)}"
        )
        sources = reading.sources("relief_deductible")
        yield Step("relief_deductible", "救助起付标准", formula, base, deductible, sources)
        base -= deductible
    raw = reading.mid(kernel.T_RELIEF_RAW)
    formula = f"{format_yuan(base)} × {format_ratio(reading.value('relief_ratio'))}"
    yield Step("relief_ratio", "按比例救助", formula, base, raw, reading.sources("relief_ratio"))
    keys = ["relief_cap"]
    formula = "救助不设封顶"
    if reading.value("relief_cap") != layout.UNLIMITED:
        formula = f"年度封顶，尚可救助 {format_yuan(reading.mid(kernel.T_RELIEF_ROOM))}"
    if reading.value("relief_outpatient") and reading.value("relief_outpatient_limit") != layout.UNLIMITED:
        keys.append("relief_outpatient_limit")
        formula = f"{formula}；门诊救助限额尚可 {format_yuan(reading.mid(kernel.T_RELIEF_OUTPATIENT_ROOM))}"
    ordinary = reading.mid(kernel.T_RELIEF_ORDINARY)
    yield Step("assistance", "医疗救助", formula, raw, ordinary, reading.sources(*keys))


def _burden(reading: Reading) -> Step:
    paid = [
        (title, reading.out(column))
        for title, column in (
            ("统筹", kernel.OUT_POOLED),
            ("大病", kernel.OUT_MAJOR),
            ("救助", kernel.OUT_ASSISTANCE),
        )
    ]
    formula = "".join([f"总额 {format_yuan(reading.total)}", *(f" − {title} {format_yuan(a)}" for title, a in paid)])
    return Step("personal_burden", "个人负担", formula, reading.total, reading.out(kernel.OUT_BURDEN))

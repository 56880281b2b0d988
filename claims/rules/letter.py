"""The calculation of a claim told to the person whom it concerns: a few sentences in plain Chinese. Pure.

Every word that a layman does not know is explained where it stands; every number names the documents that give it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bureau.kernel.money import format_ratio, format_yuan
from bureau.kernel.trace import Source
from bureau.policy.rules import layout
from claims.rules import kernel
from claims.rules.explanation import Reading

_PARTS = (
    "全自费 {} 元（医保目录以外的项目）",
    "超限价 {} 元（超过医保支付标准的部分）",
    "先行自付 {} 元（目录以内、按规定先由个人承担的部分）",
)


@dataclass(frozen=True, slots=True)
class Case:
    """What the letter says of the visit and the person, in words."""

    day: str
    institution: str
    care: str
    is_stay: bool
    relief: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or two, and where the numbers in them stand."""

    text: str
    sources: tuple[Source, ...] = ()

    @property
    def is_assumed(self) -> bool:
        return any(source.assumed for source in self.sources)


def sentences(reading: Reading, case: Case) -> list[Sentence]:
    """From the bill to what remains, in the order in which it was computed."""
    told = [_bill(reading, case)]
    if reading.is_covered:
        told += [*_basic(reading), *_major(reading), *_relief(reading, case)]
    else:
        told.append(_not_covered(reading, case))
    return [*told, _remains(reading)]


def bill(case: Case, *, total: int, parts: tuple[int, ...], eligible: int) -> Sentence:
    """What was billed; all that can be said where nothing could be computed."""
    visit = f"住院治疗（{case.day}出院）" if case.is_stay else f"就医（{case.care}）"
    when = "" if case.is_stay else f"{case.day}，"
    text = f"{when}您在{case.institution}{visit}，医疗费总额 {_yuan(total)} 元。"
    taken = [words.format(_yuan(amount)) for words, amount in zip(_PARTS, parts, strict=True) if amount]
    if taken:
        text += f"其中{'、'.join(taken)}由您个人承担；其余 {_yuan(eligible)} 元按政策计算报销。"
    else:
        text += "全部费用按政策计算报销。"
    return Sentence(text)


def _bill(reading: Reading, case: Case) -> Sentence:
    parts = tuple(reading.part(number) for number in range(len(_PARTS)))
    return bill(case, total=reading.total, parts=parts, eligible=reading.eligible)


def _not_covered(reading: Reading, case: Case) -> Sentence:
    ratio = reading.sources("ratio")
    if ratio and reading.value("ratio") == 0:
        return Sentence(f"按现行政策，在这一等级的机构发生的“{case.care}”费用不予报销。", ratio)
    if ratio:
        return Sentence("您当天没有经认定的门诊慢性病病种，门诊慢性病待遇不能享受。", reading.sources("covered"))
    return Sentence(f"按现行政策，您的险种对“{case.care}”费用不予报销。", reading.sources("covered"))


def _basic(reading: Reading) -> Iterator[Sentence]:
    base = reading.eligible
    if reading.value("prepayment"):
        prepay = reading.out(kernel.OUT_PREPAY)
        share = format_ratio(reading.value("prepayment"))
        text = f"您在参保地以外就医，按规定先由个人承担 {share}，计 {_yuan(prepay)} 元。"
        yield Sentence(text, reading.sources("prepayment"))
        base -= prepay
    deductible, line = reading.out(kernel.OUT_DEDUCTIBLE), reading.value("deductible")
    if line and reading.value("deductible_pool") != layout.PER_CLAIM:
        used = reading.mid(kernel.T_DEDUCTIBLE_USED)
        text = (
            f"起付标准是一年内先由个人承担、达到以后医保才开始报销的金额，您适用的标准为 {_yuan(line)} 元；"
            f"此前已承担 {_yuan(used)} 元，本次承担 {_yuan(deductible)} 元。"
        )
        yield Sentence(text, reading.sources("deductible"))
    elif line:
        text = f"起付标准是每次先由个人承担的金额，您适用的标准为 {_yuan(line)} 元，本次承担 {_yuan(deductible)} 元。"
        yield Sentence(text, reading.sources("deductible"))
    yield _pooled(reading, base - deductible)


def _pooled(reading: Reading, base: int) -> Sentence:
    raw, paid, pooled = reading.mid(kernel.T_RAW), reading.mid(kernel.T_PAID), reading.out(kernel.OUT_POOLED)
    keys = ["ratio"]
    text = f"{_yuan(base)} 元按 {format_ratio(reading.value('ratio'))} 的比例报销，得 {_yuan(raw)} 元"
    if paid < raw:
        keys.append("limit")
        per_claim = reading.value("limit_pool") == layout.PER_CLAIM
        extent = "一次最多报销" if per_claim else "一年最多报销"
        room = "" if per_claim else f"，本次还可报销 {_yuan(reading.mid(kernel.T_LIMIT_ROOM))} 元"
        text += f"；这类费用{extent} {_yuan(reading.value('limit'))} 元{room}"
    if pooled < paid:
        keys.append("pooled_cap")
        room = _yuan(reading.mid(kernel.T_CAP_ROOM))
        text += f"；统筹基金一年最多支付 {_yuan(reading.value('pooled_cap'))} 元，本次还可支付 {room} 元"
    return Sentence(f"{text}，由统筹基金支付 {_yuan(pooled)} 元。", reading.sources(*keys))


def _major(reading: Reading) -> Iterator[Sentence]:
    if not reading.value("major_counts") or not reading.value("major_bands"):
        return
    line, major = reading.value("major_deductible"), reading.out(kernel.OUT_MAJOR)
    reached = reading.mid(kernel.T_EXPENSE_BEFORE) + reading.mid(kernel.T_EXPENSE)
    text = (
        f"大病保险对一年内个人承担的政策范围内费用累计超过 {_yuan(line)} 元的部分再次报销；"
        f"您今年累计 {_yuan(reached)} 元，"
    )
    keys = ["major_deductible"]
    if reached <= line:
        text += "没有超过，本次不支付。"
    else:
        keys.append("major_bands")
        text += f"超过的部分分段按比例报销，本次支付 {_yuan(major)} 元。"
    if major < reading.mid(kernel.T_MAJOR_RAW):
        keys.append("major_cap")
        text = f"{text[:-1]}（已到一年最多支付的 {_yuan(reading.value('major_cap'))} 元）。"
    yield Sentence(text, reading.sources(*keys))


def _relief(reading: Reading, case: Case) -> Iterator[Sentence]:
    if reading.is_entitled:
        yield _ordinary_relief(reading, case)
    if reading.value("special_share") != layout.NO_SHARE:
        share, assistance = format_ratio(reading.value("special_share")), reading.out(kernel.OUT_ASSISTANCE)
        text = f"透析费用另有专项救助，个人最多承担政策范围内费用的 {share}，医疗救助合计支付 {_yuan(assistance)} 元。"
        yield Sentence(text, reading.sources("special_share"))


def _ordinary_relief(reading: Reading, case: Case) -> Sentence:
    if not reading.value("relief_counts"):
        return Sentence(
            f"您的救助身份是{case.relief}；本次费用按规定不计入医疗救助。", reading.sources("relief_counts")
        )
    base, ordinary = reading.mid(kernel.T_RELIEF_BASE), reading.mid(kernel.T_RELIEF_ORDINARY)
    keys = ["relief_ratio"]
    text = f"您的救助身份是{case.relief}，医疗救助对余下的 {_yuan(base)} 元再给予帮助："
    if reading.value("relief_deductible"):
        keys.append("relief_deductible")
        deducted = _yuan(reading.mid(kernel.T_RELIEF_DEDUCTIBLE))
        line = _yuan(reading.value("relief_deductible"))
        text += f"救助的起付标准一年 {line} 元，本次承担 {deducted} 元；其余"
    text += f"按 {format_ratio(reading.value('relief_ratio'))} 救助，"
    if ordinary < reading.mid(kernel.T_RELIEF_RAW):
        keys.append("relief_cap")
        if reading.value("relief_outpatient"):
            keys.append("relief_outpatient_limit")
        text += "受一年最多救助金额所限，"
    return Sentence(f"{text}支付 {_yuan(ordinary)} 元。", reading.sources(*keys))


def _remains(reading: Reading) -> Sentence:
    payers = (
        ("统筹基金", kernel.OUT_POOLED),
        ("大病保险", kernel.OUT_MAJOR),
        ("医疗救助", kernel.OUT_ASSISTANCE),
    )
    paid = [(title, reading.out(column)) for title, column in payers if reading.out(column)]
    burden = _yuan(reading.out(kernel.OUT_BURDEN))
    if not paid:
        return Sentence(f"因此基金没有支付，{burden} 元全部由您个人负担。")
    said = "、".join(f"{title} {_yuan(amount)} 元" for title, amount in paid)
    whole = f"，共 {_yuan(sum(amount for _, amount in paid))} 元" if len(paid) > 1 else ""
    return Sentence(f"合计：{said}{whole}由基金支付，您个人负担 {burden} 元。")


def _yuan(fen: int) -> str:
    return format_yuan(fen, grouped=True)

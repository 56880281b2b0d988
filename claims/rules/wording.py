"""How the law's parameters are called on screens: names in Chinese, values with their unit, areas in relation. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bureau.kernel.trace import Source
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.terms import Relation, Unit

_LARGE = re.compile(r"\d{4,}(?=\.\d\d)")
_PLAIN = {"none": "不设", "yes": "是", "no": "否"}
_REFUSALS = {
    "duplicate_in_file": "文件内单据号重复",
    "duplicate_claim": "单据已受理过",
    "service_date_future": "就医日期在今天之后",
    "service_date_after_month": "就医日期晚于申报月份",
    "person_unknown": "没有个人档案",
    "name_mismatch": "姓名与档案不一致",
    "deceased": "就医日期在死亡日期之后",
    "not_enrolled": "当日未参保",
    "care_area_mismatch": "就医地与机构不符",
    "care_area_unknown": "就医地不认识",
    "care_unfit": "机构不提供此类医疗",
    "no_agreement": "当日没有有效协议",
    "no_capability": "当日没有服务资格",
    "parts_exceed_total": "各部分大于总额",
    "id_checksum": "身份证号校验位不对",
}
_AMOUNT = re.compile(r"[0-9,]+\.[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Ground:
    """One line of 依据: what applies, where it is written, since when."""

    parameter: str
    value: str
    document_id: str
    document: str
    place: str
    says: str
    since: date
    is_assumed: bool
    clause: str
    changes: tuple[Ground, ...] = ()


def grounds(rulebook: Rulebook, sources: Sequence[Source]) -> list[Ground]:
    """The sources of a step in the words of a caseworker, each parameter with what changed it."""
    found: list[Ground] = []
    for source in sources:
        said = _ground(rulebook, source)
        if source.role == "change" and found:
            found[-1] = replace(found[-1], changes=(*found[-1].changes, said))
        else:
            found.append(said)
    return found


def refusal(code: str) -> str:
    """The cause of a refused row in a few words; the code where there are none."""
    return _REFUSALS.get(code, code)


def _ground(rulebook: Rulebook, source: Source) -> Ground:
    mechanism = next((row.mechanism for row in rulebook.rows if row.name == source.parameter), None)
    title = mechanism.title if mechanism else source.parameter
    unit = mechanism.unit if mechanism else None
    return Ground(
        parameter=title,
        value=value(source.value, unit),
        document_id=source.document,
        document=source.document_title,
        place=source.at,
        says=source.says,
        since=date.fromisoformat(source.valid_from),
        is_assumed=source.assumed,
        clause=rulebook.clause_key(source),
    )


def value(text: str, unit: Unit | None) -> str:
    """`200.00` → `200.00 元`, `none` → `不设`, `+5点` → `+5 个百分点`."""
    if text in _PLAIN:
        return _PLAIN[text]
    if unit is Unit.MONEY and _AMOUNT.fullmatch(text):
        return f"{grouped(text)} 元"
    return grouped(text).replace("点", " 个百分点")


def grouped(text: str) -> str:
    """Amounts in a sentence with their thousands separated."""
    return _LARGE.sub(lambda match: f"{int(match[0]):,}", text)


def relation(rulebook: Rulebook, *, insured_area: str, care_area: str, on: date) -> Relation:
    """How the area of care lies to that of the insurance, by the pooling areas of that day."""
    pool = rulebook.pool_of(insured_area, on)
    if pool is not None and pool == rulebook.pool_of(care_area, on):
        return Relation.SAME_POOL
    return Relation.SAME_PROVINCE if care_area[:2] == insured_area[:2] else Relation.OTHER_PROVINCE

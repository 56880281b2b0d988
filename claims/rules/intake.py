"""Which filed claims are taken in: what must hold of the person, the institution and the other claims. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bureau.kernel.terms import Care

# What an institution of the pool must be recognized for, by care (YX-39, YX-71).
CAPABILITY = {
    Care.OUTPATIENT: "outpatient_pooling",
    Care.PHARMACY: "outpatient_pooling",
    Care.TWO_DISEASES: "outpatient_pooling",
    Care.CHRONIC: "chronic",
    Care.SERIOUS: "chronic",
    Care.DIALYSIS: "dialysis",
    Care.INPATIENT: "inpatient",
    Care.MATERNITY_NATURAL: "maternity",
    Care.MATERNITY_CAESAREAN: "maternity",
}
CAPABILITY_LABELS = {
    "outpatient_pooling": "门诊统筹",
    "chronic": "门诊慢特病",
    "dialysis": "门诊透析",
    "inpatient": "住院",
    "maternity": "生育",
}


@dataclass(frozen=True, slots=True)
class Filed:
    """What the row says that is judged here."""

    number: str
    name: str
    service_date: date
    care: Care
    care_area: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """What we know of the person on the day; `scheme` empty when not enrolled."""

    name: str
    deceased_on: date | None
    scheme: str


@dataclass(frozen=True, slots=True)
class KnownInstitution:
    """What we know of the institution on the day."""

    kind: str
    care_area: str
    is_in_pool: bool
    has_agreement: bool
    capabilities: frozenset[str]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is the same for every row of a file."""

    last_day: date
    today: date
    pool_prefix: str
    known_areas: Collection[str]
    doubled_numbers: Collection[str]
    known_numbers: Collection[str]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a claim is not taken in."""

    column: str
    code: str
    message: str


def refusal(
    filed: Filed, person: KnownPerson | None, institution: KnownInstitution, around: Circumstances
) -> Refusal | None:
    """The first reason against the claim, in the order in which a clerk would look; None when it is taken in."""
    return (
        _number(filed, around)
        or _day(filed, around)
        or _person(filed, person)
        or _place(filed, institution, around)
        or _institution(filed, institution)
    )


def _number(filed: Filed, around: Circumstances) -> Refusal | None:
    if filed.number in around.doubled_numbers:
        return Refusal("单据号", "duplicate_in_file", f"单据号 {filed.number} 在本文件中不止一行，无法判断以哪行为准。")
    if filed.number in around.known_numbers:
        return Refusal("单据号", "duplicate_claim", f"单据号 {filed.number} 已经受理过。")
    return None


def _day(filed: Filed, around: Circumstances) -> Refusal | None:
    if filed.service_date > around.today:
        return Refusal("就医日期", "service_date_future", "就医日期在今天之后。")
    if filed.service_date > around.last_day:
        return Refusal(
            "就医日期", "service_date_after_month", f"就医日期晚于申报月份末日 {around.last_day}，请归入下月申报。"
        )
    return None


def _person(filed: Filed, person: KnownPerson | None) -> Refusal | None:
    if person is None:
        return Refusal("身份证号", "person_unknown", "本市没有此人的档案。")
    if person.name != filed.name:
        return Refusal("姓名", "name_mismatch", "姓名与档案中的姓名不一致，请核对身份证号和姓名。")
    if person.deceased_on is not None and filed.service_date > person.deceased_on:
        return Refusal("就医日期", "deceased", "就医日期在死亡日期之后。")
    if not person.scheme:
        return Refusal("就医日期", "not_enrolled", f"{filed.service_date} 未参保。")
    return None


def _place(filed: Filed, institution: KnownInstitution, around: Circumstances) -> Refusal | None:
    if not filed.care_area:
        return None
    is_in_pool = filed.care_area.startswith(around.pool_prefix)
    if is_in_pool != institution.is_in_pool:
        return Refusal("就医地", "care_area_mismatch", f"就医地 {filed.care_area} 与机构所在地不符。")
    if filed.care_area != institution.care_area and filed.care_area not in around.known_areas:
        return Refusal("就医地", "care_area_unknown", f"没有区划代码 {filed.care_area}。")
    return None


def _institution(filed: Filed, institution: KnownInstitution) -> Refusal | None:
    if (filed.care is Care.PHARMACY) != (institution.kind == "pharmacy") and filed.care is not Care.CHRONIC:
        return Refusal("医疗类别", "care_unfit", f"{filed.care.label}不由这类机构提供。")
    if not institution.is_in_pool:
        # Decision 7: outside the pool there is no local agreement to ask for.
        return None
    if not institution.has_agreement:
        return Refusal("就医日期", "no_agreement", f"{filed.service_date} 机构没有有效的服务协议。")
    needed = CAPABILITY[filed.care]
    if needed not in institution.capabilities:
        return Refusal(
            "医疗类别", "no_capability", f"{filed.service_date} 机构没有“{CAPABILITY_LABELS[needed]}”服务资格。"
        )
    return None

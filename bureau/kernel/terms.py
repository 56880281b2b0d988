"""Vocabularies: a Term is a stored code with a Chinese label; the words that every floor shares stand here."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """A closed vocabulary. Write members as `CODE = "code", "中文"`; the value is stored, the label is shown."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:
        # The default is for type checkers: `Scheme("employee")` looks a member up and never comes here.
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs for a Django field's `choices`; plain strings, so that migrations import nothing of ours."""
        return [(member.value, member.label) for member in cls]

    @classmethod
    def label_of(cls, code: str) -> str:
        """The Chinese label of a stored code; an unknown code is shown as it is."""
        return next((member.label for member in cls if member.value == code), code)


class Scheme(Term):
    """险种：两个基本医疗保险制度 (national insutype 310 and 390)."""

    EMPLOYEE = "employee", "职工医保"
    RESIDENT = "resident", "居民医保"


class Employment(Term):
    """职工的就业状态，按就医日。"""

    IN_SERVICE = "in_service", "在职"
    RETIRED = "retired", "退休"


class ReliefCategory(Term):
    """救助身份，自上而下由高到低 (WR-01, YX-07); `none` stands for everybody else."""

    DESTITUTE = "destitute", "特困人员"
    SUBSISTENCE = "subsistence", "低保对象"
    MARGINAL = "marginal", "低保边缘"
    ILLNESS_POOR = "illness_poor", "因病致贫"
    OTHER = "other", "其他困难"
    NONE = "none", "无"

    @property
    def rank(self) -> int:
        """1 is the highest standing; where a person has several, the lowest number counts (WR-02)."""
        return _RANKS[self]


_RANKS = {category: rank for rank, category in enumerate(ReliefCategory, 1)}


class Care(Term):
    """医疗类别 (WZ-22)."""

    OUTPATIENT = "outpatient", "普通门诊"
    PHARMACY = "pharmacy", "药店购药"
    CHRONIC = "chronic", "门诊慢性病"
    SERIOUS = "serious", "门诊特殊重症"
    TWO_DISEASES = "two_diseases", "两病用药"
    DIALYSIS = "dialysis", "门诊透析"
    INPATIENT = "inpatient", "住院"
    MATERNITY_NATURAL = "maternity_natural", "顺产"
    MATERNITY_CAESAREAN = "maternity_caesarean", "剖宫产"


class Level(Term):
    """机构等级，待遇参数的一个维度。"""

    PRIMARY = "primary", "一级及以下"
    SECONDARY = "secondary", "二级"
    TERTIARY = "tertiary", "三级"
    PHARMACY = "pharmacy", "药店"


class Fund(Term):
    """基金 (decision: settlement lines and books are kept per fund)."""

    EMPLOYEE_POOL = "employee_pool", "职工统筹基金"
    RESIDENT_POOL = "resident_pool", "居民统筹基金"
    MAJOR_ILLNESS = "major_illness", "大病保险资金"
    ASSISTANCE = "assistance", "医疗救助基金"

"""The closed set of mechanisms and dimensions: which parameters exist, what they depend on, where they are compiled to.

A new mechanism of the waterfall is a line here, code in `claims/rules/kernel.py`, tests and a clause; one of the city
is a line in `city_rules`. There is no expression language.
"""

from __future__ import annotations

from types import MappingProxyType

from bureau.kernel.terms import Care, Employment, Level, ReliefCategory, Scheme
from bureau.policy.rules import layout
from bureau.policy.rules.city_rules import CITY_RULES
from bureau.policy.rules.mechanisms import BENEFIT, CITY, PROTECTION, Mechanism
from bureau.policy.terms import Dimension, Relation, Unit

# A person's standing in the schemes: employees in service, employees retired, residents.
PERSONS = (
    (Scheme.EMPLOYEE.value, Employment.IN_SERVICE.value),
    (Scheme.EMPLOYEE.value, Employment.RETIRED.value),
    (Scheme.RESIDENT.value, ""),
)
CARES = tuple(care.value for care in Care)
LEVELS = tuple(level.value for level in Level)
RELATIONS = tuple(relation.value for relation in Relation)
YES_NO = ("no", "yes")
CHRONIC_COUNTS = ("0", "1", "2+")
RELIEFS = tuple(category.value for category in ReliefCategory)

# Axes of the compiled tables, periods and pooling areas before all; a dimension selects positions on one axis.
AXES = MappingProxyType(
    {
        "person": len(PERSONS),
        "care": len(CARES),
        "level": len(LEVELS),
        "relation": len(RELATIONS),
        "filing": len(YES_NO),
        "signed": len(YES_NO),
        "chronic": len(CHRONIC_COUNTS),
        "relief": len(RELIEFS),
        "poor": len(YES_NO),
    }
)
BENEFIT_AXES = ("period", "pool", "person", "care", "level", "relation", "filing", "signed", "chronic")
PROTECTION_AXES = ("period", "pool", "person", "relief", "poor")


def _each(labels: tuple[str, ...]) -> dict[str, tuple[int, ...]]:
    return {label: (position,) for position, label in enumerate(labels)}


def _persons(part: int) -> dict[str, tuple[int, ...]]:
    labels = {person[part] for person in PERSONS} - {""}
    return {label: tuple(at for at, person in enumerate(PERSONS) if person[part] == label) for label in sorted(labels)}


# dimension → (axis, label → positions); the labels of `pool` are the pooling areas of the set.
DIMENSIONS: MappingProxyType[str, tuple[str, dict[str, tuple[int, ...]]]] = MappingProxyType(
    {
        Dimension.SCHEME.value: ("person", _persons(0)),
        Dimension.EMPLOYMENT.value: ("person", _persons(1)),
        Dimension.CARE.value: ("care", _each(CARES)),
        Dimension.LEVEL.value: ("level", _each(LEVELS)),
        Dimension.RELATION.value: ("relation", _each(RELATIONS)),
        Dimension.FILING.value: ("filing", _each(YES_NO)),
        Dimension.SIGNED.value: ("signed", _each(YES_NO)),
        Dimension.CHRONIC_COUNT.value: ("chronic", _each(CHRONIC_COUNTS)),
        Dimension.RELIEF.value: ("relief", _each(RELIEFS)),
        Dimension.REGISTERED_POOR.value: ("poor", _each(YES_NO)),
    }
)

_COVERED = Mechanism("covered", "是否保障", Unit.FLAG, BENEFIT, layout.COVERED)
_DEDUCTIBLE_POOL = Mechanism(
    "deductible_pool", "起付标准累计池", Unit.POOL, BENEFIT, layout.DEDUCTIBLE_POOL, default=layout.PER_CLAIM
)
_LIMIT_POOL = Mechanism("limit_pool", "限额累计池", Unit.POOL, BENEFIT, layout.LIMIT_POOL, default=layout.PER_CLAIM)
_PER_CARE = {
    "prepayment": Mechanism("prepayment", "先行自付比例", Unit.RATIO, BENEFIT, layout.PREPAYMENT, none=0, default=0),
    "deductible": Mechanism("deductible", "起付标准", Unit.MONEY, BENEFIT, layout.DEDUCTIBLE, none=0),
    "ratio": Mechanism("ratio", "报销比例", Unit.RATIO, BENEFIT, layout.RATIO, none=0),
    "annual_limit": Mechanism("limit", "年度限额", Unit.MONEY, BENEFIT, layout.LIMIT, none=layout.UNLIMITED),
    "claim_limit": Mechanism("limit", "单次限额", Unit.MONEY, BENEFIT, layout.LIMIT, none=layout.UNLIMITED),
}
_FAMILIES = ("care", "outpatient", "chronic", "two_diseases", "serious", "dialysis", "inpatient", "maternity")

POOL_KINDS = MappingProxyType({"deductible": _DEDUCTIBLE_POOL, "limit": _LIMIT_POOL})

MECHANISMS: MappingProxyType[str, Mechanism] = MappingProxyType(
    {f"{family}.{name}": mechanism for family in _FAMILIES for name, mechanism in _PER_CARE.items()}
    | {
        "care.covered": _COVERED,
        "pooled.annual_cap": Mechanism(
            "pooled_cap", "统筹基金年度封顶", Unit.MONEY, BENEFIT, layout.POOLED_CAP, none=layout.UNLIMITED
        ),
        "major_illness.counts": Mechanism(
            "major_counts", "计入大病保险", Unit.FLAG, BENEFIT, layout.MAJOR_COUNTS, none=0
        ),
        "relief.counts": Mechanism("relief_counts", "计入医疗救助", Unit.FLAG, BENEFIT, layout.RELIEF_COUNTS, none=0),
        "relief.outpatient_counts": Mechanism(
            "relief_outpatient", "计入门诊救助限额", Unit.FLAG, BENEFIT, layout.RELIEF_OUTPATIENT, none=0, default=0
        ),
        "relief.special_share": Mechanism(
            "special_share",
            "专项救助个人负担比例",
            Unit.RATIO,
            BENEFIT,
            layout.SPECIAL_SHARE,
            none=layout.NO_SHARE,
            default=layout.NO_SHARE,
        ),
        "major_illness.deductible": Mechanism(
            "major_deductible", "大病起付标准", Unit.MONEY, PROTECTION, layout.MAJOR_DEDUCTIBLE, none=0
        ),
        "major_illness.annual_cap": Mechanism(
            "major_cap", "大病年度封顶", Unit.MONEY, PROTECTION, layout.MAJOR_CAP, none=layout.UNLIMITED
        ),
        "major_illness.bands": Mechanism(
            "major_bands", "大病分段比例", Unit.BANDS, PROTECTION, layout.BAND_COUNT, none=0
        ),
        "relief.ratio": Mechanism("relief_ratio", "救助比例", Unit.RATIO, PROTECTION, layout.RELIEF_RATIO, none=0),
        "relief.deductible": Mechanism(
            "relief_deductible", "救助起付标准", Unit.MONEY, PROTECTION, layout.RELIEF_DEDUCTIBLE, none=0
        ),
        "relief.annual_cap": Mechanism(
            "relief_cap", "救助年度封顶", Unit.MONEY, PROTECTION, layout.RELIEF_CAP, none=layout.UNLIMITED
        ),
        "relief.outpatient_limit": Mechanism(
            "relief_outpatient_limit",
            "门诊救助年度限额",
            Unit.MONEY,
            PROTECTION,
            layout.RELIEF_OUTPATIENT_LIMIT,
            none=layout.UNLIMITED,
            default=layout.UNLIMITED,
        ),
    }
    | CITY_RULES
)
# What a modifier may change, by the mechanism's key.
CHANGEABLE: MappingProxyType[str, Mechanism] = MappingProxyType(
    {
        mechanism.key: mechanism
        for mechanism in MECHANISMS.values()
        if mechanism.table != CITY and mechanism is not _COVERED
    }
)

_TABLE_AXES = MappingProxyType({BENEFIT: BENEFIT_AXES, PROTECTION: PROTECTION_AXES, CITY: ("pool", "person", "relief")})


def axes_of(mechanism: Mechanism) -> tuple[str, ...]:
    """The axes of the table in which a mechanism stands."""
    return _TABLE_AXES[mechanism.table]


def depends_on(mechanism: Mechanism, dimension: str) -> bool:
    """Whether values of this mechanism may depend on this dimension."""
    axis = "pool" if dimension == Dimension.POOL else DIMENSIONS[dimension][0]
    return axis in _TABLE_AXES[mechanism.table]

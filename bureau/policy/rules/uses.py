"""Who reads a parameter: the steps of the calculation, or the process that asks for it by name. Pure."""

from __future__ import annotations

from types import MappingProxyType

from bureau.policy.rules.mechanisms import CITY, Mechanism

_LATER = "暂无业务读取，供查阅"
# The steps as the waterfall of a claim calls them, by mechanism.
_STEPS = MappingProxyType(
    {
        "covered": "待遇计算：是否保障",
        "prepayment": "待遇计算：先行自付比例部分",
        "deductible": "待遇计算：起付标准",
        "deductible_pool": "待遇计算：起付标准在哪些费用间累计",
        "ratio": "待遇计算：按比例报销",
        "limit": "待遇计算：待遇限额",
        "limit_pool": "待遇计算：限额在哪些费用间累计",
        "pooled_cap": "待遇计算：统筹基金支付",
        "major_counts": "待遇计算：是否计入大病",
        "relief_counts": "待遇计算：是否计入救助",
        "relief_outpatient": "待遇计算：是否占门诊救助限额",
        "special_share": "待遇计算：透析专项救助",
        "major_deductible": "待遇计算：大病保险支付",
        "major_cap": "待遇计算：大病保险支付",
        "major_bands": "待遇计算：大病保险支付",
        "relief_ratio": "待遇计算：按比例救助",
        "relief_deductible": "待遇计算：救助起付标准",
        "relief_cap": "待遇计算：医疗救助",
        "relief_outpatient_limit": "待遇计算：医疗救助",
    }
)
READ_BY_NAME = MappingProxyType(
    {
        "account.credit_rate": "测算：个人账户加门诊限额",
        "account.employer_credit_rate": "测算：个人账户加门诊限额",
        "settlement.quality_deposit_rate": "月结算：按应付额预留质量保证金",
        "settlement.second_approval_from": "月结算：实付额达到它的结算须第二人审批",
        "relief.effective_from_next_month": "救助名单：身份从哪天起生效",
    }
)


def used_by(mechanism: Mechanism) -> str:
    """Where a value of this mechanism has its effect."""
    return READ_BY_NAME.get(mechanism.key, _LATER) if mechanism.table == CITY else _STEPS[mechanism.key]

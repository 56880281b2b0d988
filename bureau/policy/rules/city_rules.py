"""Parameters that no claim's calculation reads: settlement, contributions, subsidies, accounts, waiting periods.

They stand in the same packs under the same clauses (benefit-engine §6) and are read by name, `Rulebook.parameter(…)`.
"""

from __future__ import annotations

from types import MappingProxyType

from bureau.policy.rules.mechanisms import CITY, Mechanism
from bureau.policy.terms import Unit

# How an employer's base is found (HZ-24 against WZ-10), and how an employee's.
EMPLOYER_BASES = ("payroll_of_month", "sum_of_personal_bases")
PERSONAL_BASES = ("average_of_last_year",)
# Whom and what an account may pay (CC-21..24, YX-57, 58).
RELATIVES = ("spouse", "parent", "child")
COSTS = ("covered_share", "outside_catalogue")
GOODS = ("drug", "device", "consumable")
PREMIUMS = ("resident_basic", "large_expense", "long_term_care", "supplementary", "critical_illness")


def _rule(name: str, title: str, unit: Unit, words: tuple[str, ...] = ()) -> tuple[str, Mechanism]:
    none = 0 if unit in (Unit.MONEY, Unit.RATIO) else None
    return name, Mechanism(name, title, unit, CITY, 0, none=none, words=words)


CITY_RULES: MappingProxyType[str, Mechanism] = MappingProxyType(
    dict(
        (
            _rule("settlement.quality_deposit_rate", "质量保证金比例", Unit.RATIO),
            _rule("settlement.second_approval_from", "月结算须第二人审批的实付额（含）", Unit.MONEY),
            _rule("relief.effective_from_next_month", "救助身份次月生效", Unit.FLAG),
            _rule("contribution.employer_rate", "单位缴费比例", Unit.RATIO),
            _rule("contribution.employer_base", "单位缴费基数的算法", Unit.WORDS, EMPLOYER_BASES),
            _rule("contribution.personal_base", "个人缴费基数的算法", Unit.WORDS, PERSONAL_BASES),
            _rule("contribution.flexible_pays_all", "灵活就业人员承担全部费用", Unit.FLAG),
            _rule("contribution.employer_levy_share", "单位缴费实际征收的份额", Unit.RATIO),
            _rule("contribution.deferral", "可以缓缴", Unit.FLAG),
            _rule("funding.income_share", "人均筹资额占人均可支配收入的下限", Unit.RATIO),
            _rule("funding.personal_part", "个人缴费占人均筹资额的下限", Unit.PART),
            _rule("funding.converged_in", "筹资标准统一的年份", Unit.YEAR),
            _rule("funding.urban_per_capita", "市区人均筹资标准", Unit.MONEY),
            _rule("funding.county_per_capita", "各县（市）人均筹资标准", Unit.MONEY),
            _rule("premium.personal", "居民个人缴费标准", Unit.MONEY),
            _rule("premium.subsidy_share", "资助参保的份额", Unit.RATIO),
            _rule("premium.subsidy_coverage", "资助参保率目标", Unit.RATIO),
            _rule("premium.subsidy_from_next_month", "资助参保次月生效", Unit.FLAG),
            _rule("premium.paid_year_refunded", "当年已缴的退费", Unit.FLAG),
            _rule("premium.leaver_keeps_year", "退出对象当年参保继续有效", Unit.FLAG),
            _rule("account.credit_rate", "个人账户计入比例", Unit.RATIO),
            _rule("account.employer_credit_rate", "单位缴费计入个人账户的比例", Unit.RATIO),
            _rule("account.retired_rate", "退休人员划入占平均养老金的比例", Unit.RATIO),
            _rule("account.retired_base_year", "平均养老金的年份", Unit.YEAR),
            _rule("account.average_pension", "平均养老金（月）", Unit.MONEY),
            _rule("account.retired_credit", "退休人员每月划入额", Unit.MONEY),
            _rule("account.relatives", "可以使用账户的家庭成员", Unit.WORDS, RELATIVES),
            _rule("account.own_costs", "账户可支付的本人费用", Unit.WORDS, COSTS),
            _rule("account.family_costs", "账户可支付的家人费用", Unit.WORDS, COSTS),
            _rule("account.pharmacy_goods", "账户可在药店购买的物品", Unit.WORDS, GOODS),
            _rule("account.own_premiums", "账户可缴纳的本人保费", Unit.WORDS, PREMIUMS),
            _rule("account.family_premiums", "账户可缴纳的家人保费", Unit.WORDS, PREMIUMS),
            _rule("account.two_credentials", "家人使用须两人凭证", Unit.FLAG),
            _rule("account.carries_over", "账户余额结转", Unit.FLAG),
            _rule("account.inheritable", "账户余额可以继承", Unit.FLAG),
            _rule("account.usable_while_suspended", "停保期间账户可用", Unit.FLAG),
            _rule("waiting.months", "待遇等待期", Unit.MONTHS),
            _rule("waiting.window_from", "集中征缴期开始", Unit.DAY_OF_YEAR),
            _rule("waiting.window_until", "集中征缴期结束", Unit.DAY_OF_YEAR),
        )
    )
)

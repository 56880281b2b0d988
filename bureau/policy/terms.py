"""Vocabularies of the policy packs: what a release goes through, what a number may be, what a value may depend on."""

from __future__ import annotations

from bureau.kernel.terms import Term


class City(Term):
    """The cities whose law this house was made for; a city can be used once its packs exist."""

    MIANYANG = "mianyang", "绵阳市"
    WENZHOU = "wenzhou", "温州市"
    HANGZHOU = "hangzhou", "杭州市"
    CHANGCHUN = "changchun", "长春市"


class ReleaseStage(Term):
    """发布环节：经办起草、送审，另一人逐项核对、发布，送审后内容不得再改 (WZ-24)。"""

    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待复核"
    CHECKED = "checked", "待发布"
    PUBLISHED = "published", "生效中"
    SUPERSEDED = "superseded", "已失效"
    WITHDRAWN = "withdrawn", "已作废"


class Unit(Term):
    """What the literal of a parameter must be."""

    MONEY = "money", "金额（如 200元、8万元）"
    RATIO = "ratio", "比例（如 50%）"
    FLAG = "flag", "是否（yes 或 no）"
    BANDS = "bands", "分段（to、ratio 的列表）"
    POOL = "pool", "累计池"
    WORDS = "words", "固定词语（几个之间用 |）"
    MONTHS = "months", "月数（如 6个月）"
    YEAR = "year", "年份（如 2021年）"
    DAY_OF_YEAR = "day_of_year", "月日（如 9月1日）"
    PART = "part", "几分之一（如 1/3）"


class Relation(Term):
    """参保地与就医地的关系，按就医日的统筹区。"""

    SAME_POOL = "same_pool", "统筹区内"
    SAME_PROVINCE = "same_province", "省内统筹区外"
    OTHER_PROVINCE = "other_province", "省外"


class Dimension(Term):
    """What a value may depend on (`by`, `for` and `applies` of a pack)."""

    SCHEME = "scheme", "险种"
    EMPLOYMENT = "employment", "就业状态"
    CARE = "care", "医疗类别"
    LEVEL = "level", "机构等级"
    RELATION = "relation", "就医地"
    FILING = "filing", "备案"
    SIGNED = "signed", "签约"
    CHRONIC_COUNT = "chronic_count", "慢性病病种数"
    RELIEF = "relief", "救助身份"
    REGISTERED_POOR = "registered_poor", "建档立卡"
    POOL = "pool", "参保统筹区"

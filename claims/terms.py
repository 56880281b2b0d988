"""Words of a claim's life and of the month's settlement."""

from __future__ import annotations

from bureau.kernel.terms import Term


class ClaimStage(Term):
    RECEIVED = "received", "待核算"
    ADJUDICATED = "adjudicated", "已核算"
    SETTLED = "settled", "已结算"
    CANCELED = "canceled", "已冲正"


class RowVerdict(Term):
    ACCEPTED = "accepted", "已受理"
    REFUSED = "refused", "已退回"


class SettlementStage(Term):
    """结算批次的状态，用语见术语表 4.3。"""

    COMPUTING = "computing", "计算中"
    SEALED = "sealed", "待审批"
    APPROVED = "approved", "已审批"
    PAYING = "paying", "拨付中"


class AdjustmentStage(Term):
    OPEN = "open", "待结算"
    SETTLED = "settled", "已结算"


class DiscrepancyKind(Term):
    """重新核算与所存的核算在哪里不符。"""

    AMOUNT = "amount", "金额不符"
    TRACE = "trace", "计算过程不符"
    FACTS = "facts", "事实不能重算"
    POLICY = "policy", "政策内容与指纹不符"


class DiscrepancyStage(Term):
    OPEN = "open", "待说明"
    EXPLAINED = "explained", "已说明"

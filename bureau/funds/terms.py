"""Words of the books."""

from __future__ import annotations

from bureau.kernel.terms import Term


class AccountKind(Term):
    """会计科目（按基金分设）。"""

    EXPENDITURE = "expenditure", "待遇支出"
    PAYABLE = "payable", "应付定点医药机构款"
    DEPOSIT = "deposit", "质量保证金"
    BANK = "bank", "支出户存款"


class Direction(Term):
    DEBIT = "debit", "借"
    CREDIT = "credit", "贷"


class EntryKind(Term):
    SETTLEMENT = "settlement", "月结算"
    PAYMENT = "payment", "拨付到账"
    REVERSAL = "reversal", "红字冲销"


class PaymentStage(Term):
    ORDERED = "ordered", "待拨付"
    EXPORTED = "exported", "拨付中"
    CONFIRMED = "confirmed", "已拨付"
    RETURNED = "returned", "已退回"

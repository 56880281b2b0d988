"""Where a simulation stands, and the parts into which eligible expenses fall."""

from __future__ import annotations

from bureau.kernel.terms import Term


class SimulationStage(Term):
    """测算的状态。"""

    COMPUTING = "computing", "计算中"
    DONE = "done", "已完成"
    FAILED = "failed", "待人工处理"
    CANCELED = "canceled", "已取消"


class Part(Term):
    """政策范围内费用的去处；一份测算里各部分之和等于政策范围内费用，分毫不差。"""

    UNCOVERED = "uncovered", "不予保障"
    PREPAY = "prepay", "异地先行自付"
    DEDUCTIBLE = "deductible", "起付标准以内"
    SHARE = "share", "按比例自付"
    ABOVE_LIMIT = "above_limit", "超过年度限额"
    ABOVE_CAP = "above_cap", "超过统筹封顶"
    POOLED = "pooled", "统筹基金支付"
    MAJOR = "major", "大病保险支付"
    ASSISTANCE = "assistance", "医疗救助支付"

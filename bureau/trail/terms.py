"""The life of an import batch and of a long job."""

from __future__ import annotations

from bureau.kernel.terms import Term


class BatchKind(Term):
    ROSTER = "roster", "救助名单"
    CLAIMS = "claims", "费用申报"


class BatchStage(Term):
    """导入批次的状态，用语见术语表 4.3。"""

    CHECKING = "checking", "校验中"
    HAS_ERRORS = "has_errors", "待处理异常"
    READY = "ready", "待复核"
    APPLIED = "applied", "已生效"
    REFUSED = "refused", "不予导入"
    PARTLY_REVOKED = "partly_revoked", "部分回退"
    REVOKED = "revoked", "已回退"


class RunStage(Term):
    OPEN = "open", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "待人工处理"


class StepStage(Term):
    WAITING = "waiting", "等待"
    DONE = "done", "完成"
    FAILED = "failed", "失败"


class ReadKind(Term):
    """查阅的种类。"""

    VIEWED = "viewed", "查看档案"
    SEARCHED = "searched", "按证件号查到"
    OPENED = "opened", "跨区县打开"
    MISSED = "missed", "按证件号未查到"
    REVEALED = "revealed", "显示完整号码"

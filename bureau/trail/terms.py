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


class Book(Term):
    """什么被封进链：操作日志、查阅记录、每日链头。"""

    ACTION = "action", "操作日志"
    READ = "read", "查阅记录"
    HEAD = "head", "每日链头"


class FaultKind(Term):
    """核验日志链时发现的问题。"""

    ALTERED = "altered", "内容或指纹被改动"
    MISSING = "missing", "已封的行不见了"
    GAP = "gap", "缺环或次序被改"
    LATE = "late", "写入超过一分钟仍未封链"
    HEAD = "head", "每日链头在链上找不到"
    PAPER = "paper", "纸上的链头在链上找不到"

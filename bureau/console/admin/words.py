"""Words for the codes that the trail keeps as plain text; those who write them live on floors above."""

from __future__ import annotations

JOBS = {"claims.settle_month": "月结算", "relief.read_roster": "名单读取", "trail.verify": "日志链核验"}
SENDERS = {
    "civil_affairs": "民政",
    "rural_affairs": "农业农村",
    "disabled_federation": "残联",
    "health": "卫健",
}
COUNTS = {
    "rows": "行数",
    "accepted": "受理",
    "refused": "退回",
    "standing": "在册",
    "new": "新增",
    "changed": "变更",
    "exited": "退出",
    "held": "待民政核实",
    "unchanged": "不变",
    "errors": "异常",
    "warnings": "提醒",
    "set_aside": "移出",
    "begun": "身份开始",
    "ended": "身份结束",
}

"""Every periodic task in one table. Each is idempotent, so a tick lost or doubled does no harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True, slots=True)
class Periodic:
    """One line of the timetable: which task, when, and what staff may expect of it."""

    task: str
    when: crontab | float
    sentence: str


SCHEDULE: tuple[Periodic, ...] = (
    Periodic("trail.sweep", 60.0, "每分钟：接续中断的作业。"),
    Periodic("trail.seal", 20.0, "每 20 秒：把新写的操作日志和查阅记录封进链。"),
    Periodic("claims.adjudicate_due", 60.0, "每分钟：核算新受理或事实有变的人年。"),
    Periodic("claims.open_month", crontab(minute=0, hour=2, day_of_month=1), "每月 1 日：开始上月结算。"),
    Periodic("trail.verify", crontab(minute=10, hour=0), "每晚：记下当日链头，核验整条日志链。"),
    Periodic(
        "simulation.build_snapshot",
        crontab(minute=0, hour=4, day_of_month=2),
        "每月 2 日：生成本年至上月的费用快照，供测算。",
    ),
    Periodic("organization.clear_ended", crontab(minute=0, hour=3), "每晚：清除过期的登录与限次计数。"),
    Periodic("claims.check_books", crontab(minute=30, hour=3), "每晚：核对单据、结算单、凭证与付款。"),
    Periodic(
        "claims.open_verification", crontab(minute=0, hour=4), "每晚：由所存事实和政策重新计算全部核算，不符的列出。"
    ),
)


def beat_schedule() -> dict[str, dict[str, Any]]:
    """The table in the shape that Celery beat reads."""
    return {line.task: {"task": line.task, "schedule": line.when} for line in SCHEDULE}

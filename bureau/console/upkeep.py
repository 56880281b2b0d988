"""What waits for those who keep the portal: accounts without a duty, jobs that stand still, sign-ins that failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from bureau.console import access, waiting
from bureau.console.security_events import REFUSED
from bureau.organization.selectors import scope
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.terms import Duty
from bureau.trail import selectors as trail
from bureau.trail.terms import RunStage

FAILED_SIGN_IN = "portal.sign_in_failed"


def connect() -> None:
    """Called once, when the apps are ready."""
    waiting.register(_without_duty, Duty.SECURITY, order=80)
    waiting.register(_standing_still, Duty.SYSTEM, Duty.TRAIL, order=80)
    waiting.register(_failed_sign_ins, Duty.SECURITY, Duty.TRAIL, order=90)
    waiting.register(_refusals, Duty.SECURITY, Duty.TRAIL, order=91)


def _without_duty(request: HttpRequest) -> Iterator[waiting.Waiting]:
    yield waiting.Waiting(
        count=scope.narrow(staff_selectors.without_duty(), access.staff(request)).count(),
        title="人启用账号但未任岗位",
        url=f"{reverse('admin:organization_staff_changelist')}?duty=none&is_active=yes",
        button="查看人员",
        detail="登录后什么也办不了，请任命岗位或停用账号",
    )


def _standing_still(request: HttpRequest) -> Iterator[waiting.Waiting]:
    yield waiting.Waiting(
        count=trail.runs_in(RunStage.FAILED).count(),
        title="项作业待人工处理",
        url=f"{reverse('admin:trail_run_changelist')}?stage__exact={RunStage.FAILED}",
        button="查看作业",
        is_urgent=True,
    )


def _failed_sign_ins(request: HttpRequest) -> Iterator[waiting.Waiting]:
    yield _of_the_day(FAILED_SIGN_IN, "次登录失败（近 24 小时）")


def _refusals(request: HttpRequest) -> Iterator[waiting.Waiting]:
    yield _of_the_day(REFUSED, "次越权访问被拒（近 24 小时）")


def _of_the_day(action: str, title: str) -> waiting.Waiting:
    return waiting.Waiting(
        count=trail.done_since(action, timezone.now() - timedelta(days=1)).count(),
        title=title,
        url=f"{reverse('admin:trail_actionlog_changelist')}?of={action}",
        button="查看日志",
    )

"""Sign-ins, sign-outs and failed attempts go into the action log; the one place where Django's signals are heard."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from bureau.console import security_events, sessions
from bureau.organization.selectors import staff as staff_selectors


def connect() -> None:
    """Called once, when the apps are ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="portal.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="portal.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="portal.sign_in_failed")


def _signed_in(request: Any, user: Any, **_: Any) -> None:
    sessions.begin(request, user)
    factors = "密码、验证码" if settings.SECOND_FACTOR_REQUIRED else "密码"
    security_events.record("portal.signed_in", "登录系统", request, by=user, detail={"factors": factors})


def _signed_out(request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        security_events.record("portal.signed_out", "退出登录", request, by=user)


def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    known = _known(str(credentials.get("username", "")))
    summary = "登录失败" if known else "登录失败：没有这个用户名或账号已停用"
    security_events.record("portal.sign_in_failed", summary, request, by=known)


def paused(request: Any, username: str) -> None:
    """The last attempt that was allowed has failed."""
    security_events.record("portal.sign_in_paused", "登录失败次数过多，暂停 15 分钟", request, by=_known(username))


def password_accepted(request: Any, staff: Any) -> None:
    """The first of two steps; whoever knows the password alone stays here."""
    security_events.record("portal.password_accepted", "密码正确，待二次验证", request, by=staff)


def initial_over(request: Any, staff: Any) -> None:
    """The password that was issued is right and too old."""
    security_events.record("portal.initial_over", "初始密码已过期，未能登录", request, by=staff)


def code_refused(request: Any, staff: Any) -> None:
    """The password was right and the code was not."""
    security_events.record("portal.code_refused", "密码正确，二次验证未通过", request, by=staff)


def password_refused(request: Any) -> None:
    """Somebody who is signed in was asked for the password again, and did not know it."""
    security_events.record("portal.password_refused", "再次核对密码，未通过", request, by=request.user)


def _known(username: str) -> Any:
    # What was typed may be a password in the wrong box: only known user names are written down. An unknown one leaves
    # a line too, so that both take as long.
    return staff_selectors.staff_named(username)

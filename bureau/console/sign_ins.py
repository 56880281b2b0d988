"""Sign-ins, sign-outs and failed attempts go into the action log; the one place where Django's signals are heard."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from bureau import walls
from bureau.console import sessions
from bureau.organization.selectors import staff as staff_selectors
from bureau.trail.services import actions


def connect() -> None:
    """Called once, when the apps are ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="portal.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="portal.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="portal.sign_in_failed")


def _signed_in(request: Any, user: Any, **_: Any) -> None:
    sessions.begin(request)
    _record("portal.signed_in", "登录系统", user)


def _signed_out(user: Any, **_: Any) -> None:
    if user is not None:
        _record("portal.signed_out", "退出登录", user)


def _failed(credentials: dict[str, Any], **_: Any) -> None:
    # What was typed may be a password in the wrong box: only known user names are written down. An unknown one leaves
    # a line too, so that both take as long.
    known = staff_selectors.staff_named(str(credentials.get("username", "")))
    _record("portal.sign_in_failed", "登录失败" if known else "登录失败：没有这个用户名或账号已停用", known)


def _record(action: str, summary: str, user: Any) -> None:
    key = str(user.pk) if user else ""
    # Of an unknown name there is nobody to act as: the line is the house's own.
    with walls.as_staff(user) if user else walls.as_system():
        actions.record(action=action, subject_kind="organization.staff", subject_key=key, summary=summary, by=user)

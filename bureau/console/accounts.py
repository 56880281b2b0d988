"""The security administrator's desk: whose second factor is bound, and how a pause is lifted, with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bureau.console import access
from bureau.console.forms import ReasonForm
from bureau.console.lists import page_of
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.services import second_factor, sign_in, staffing
from bureau.organization.terms import Duty


def _end_sessions(staff: Any, **given: Any) -> bool:
    staffing.end_sessions(staff, **given)
    return True


# What may be lifted: its words, its consequence, and the service; False means that there was nothing to lift.
_DEEDS: dict[str, tuple[str, str, Callable[..., bool]]] = {
    "second-factor": (
        "解除二次验证",
        "本人下次登录时重新绑定；在此之前只凭密码即可绑定，请确认是本人提出并当面或电话核实。",
        second_factor.reset,
    ),
    "pause": ("解除登录暂停", "登录失败次数清零，可以立即再试。", sign_in.release),
    "sessions": ("结束全部登录", "该账号所有已登录的页面立即失效。", _end_sessions),
}


@access.desk(Duty.SECURITY)
def index(request: HttpRequest) -> HttpResponse:
    """Every account with its protection."""
    rows = staff_selectors.with_protection(by=access.staff(request))
    context = {"title": "账号安全", "page": page_of(request, rows)}
    return render(request, "portal/accounts.html", context)


@access.desk(Duty.SECURITY)
def lift(request: HttpRequest, staff_id: int, deed: str) -> HttpResponse:
    """The page that asks why; then it is done and written down."""
    staff = staff_selectors.with_protection(by=access.staff(request)).filter(pk=staff_id).first()
    if staff is None or deed not in _DEEDS:
        raise Http404
    words, consequence, service = _DEEDS[deed]
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        was_held = service(staff, reason=form.cleaned_data["reason"], by=access.staff(request))
        done = f"已为{staff}{words}。" if was_held else f"{staff}没有需要{words}的情形。"
        messages.success(request, done)
        return redirect("portal:accounts")
    context = {
        "title": words,
        "what": f"{words}：{staff}（{staff.username}）",
        "warning": consequence,
        "form": form,
        "button": words,
        "danger": True,
        "back_url": reverse("portal:accounts"),
    }
    return render(request, "portal/confirm.html", context, status=422 if form.errors else 200)

"""What everybody may do about his own account: set the password, see where he is signed in and end it there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from bureau.console import access, sessions
from bureau.console.forms import EndSessionsForm, OwnPasswordForm
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.services import open_sessions


class OwnPassword(PasswordChangeView):
    """One's own password; the other sessions end, and this one goes on under a new key."""

    form_class = OwnPasswordForm
    template_name = "portal/password.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        by = access.staff(self.request)
        sessions.note(self.request, by)
        open_sessions.end(by, keep=str(self.request.session.session_key))
        return answer


@access.desk()
def show(request: HttpRequest) -> HttpResponse:
    """Where I am signed in, since when, when I last clicked there; what is not mine or not needed, I end."""
    by, here = access.staff(request), request.session.session_key
    rows = list(staff_selectors.open_sessions(by))
    others = [row for row in rows if row.session_id != here]
    form = EndSessionsForm(request.POST or None, request=request, others=others)
    if request.method == "POST" and form.is_valid():
        which = form.cleaned_data["which"]
        ended = open_sessions.end(by, keep=str(here), only=None if which == form.ALL else int(which))
        sessions.renew(request)
        messages.success(request, f"已结束 {ended} 处登录。" if ended else "没有需要结束的登录。")
        return redirect("portal:own_sessions")
    context = {"title": "我的登录", "rows": rows, "here": here, "form": form if others else None}
    return render(request, "portal/own_sessions.html", context, status=422 if form.errors else 200)


@access.desk()
def alive(request: HttpRequest) -> HttpResponse:
    """Whether the session still holds, for a page that was left open; asking is no click."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")

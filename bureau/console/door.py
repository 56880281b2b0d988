"""The door: user name and password, then the second factor. Nobody is signed in before both are right.

Between the two steps the session knows only who gave the right password, for five minutes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import segno
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from bureau import walls
from bureau.console import sessions, sign_ins
from bureau.console.forms import CodeForm, SignInForm
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.services import second_factor

HALF = "portal.half"
HALF_SECONDS = 300


class SignIn(LoginView):
    """Who is signed in already goes home; who has the password right goes on to the second factor."""

    authentication_form = SignInForm
    template_name = "portal/sign_in.html"
    redirect_authenticated_user = True
    extra_context: dict[str, Any] = {"title": "登录"}  # noqa: RUF012

    def form_valid(self, form: Any) -> HttpResponse:
        if not settings.SECOND_FACTOR_REQUIRED:
            return super().form_valid(form)
        staff, session = form.get_user(), self.request.session
        # A new session: what was laid into the old one before does not come along.
        session.flush()
        session[HALF] = {
            "staff": staff.pk,
            "hash": staff.get_session_auth_hash(),
            "at": time.time(),
            "next": self.get_success_url(),
            "seed": second_factor.new_seed(),
        }
        sign_ins.password_accepted(self.request, staff)
        return redirect("portal:code" if second_factor.is_enrolled(staff) else "portal:enroll")

    def form_invalid(self, form: Any) -> HttpResponse:
        answer = super().form_invalid(form)
        if form.is_paused:
            answer.status_code = 429
        return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session and go back to the door."""
    logout(request)
    return redirect("portal:sign_in")


Step = Callable[[HttpRequest, Any, dict[str, Any]], HttpResponse]


def _second_step(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """A view for those whose password was right a moment ago; others begin at the door."""

    @login_not_required
    @sensitive_post_parameters()
    @wraps(view)
    def inner(request: HttpRequest) -> HttpResponse:
        half = request.session.get(HALF)
        if not half or time.time() - half["at"] > HALF_SECONDS:
            return redirect("portal:sign_in")
        staff = staff_selectors.active_staff(half["staff"])
        if staff is None or staff.get_session_auth_hash() != half["hash"]:
            return redirect("portal:sign_in")
        with walls.as_staff(staff):
            response = view(request, staff, half)
        add_never_cache_headers(response)
        return response

    return inner


@_second_step
def code(request: HttpRequest, staff: Any, half: dict[str, Any]) -> HttpResponse:
    """Ask for the code that the authenticator shows."""
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.verify(staff, code=form.cleaned_data["code"])
        except BusinessError as error:
            return _refused(request, staff, "portal/code.html", form, error)
        return _come_in(request, staff, half)
    return render(request, "portal/code.html", {"title": "二次验证", "form": form})


@_second_step
def enroll(request: HttpRequest, staff: Any, half: dict[str, Any]) -> HttpResponse:
    """Show the secret once, to be bound by its first code."""
    if second_factor.is_enrolled(staff):
        return redirect("portal:code")
    secret = second_factor.secret_of(staff, half["seed"])
    shown = {
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "picture": _picture(second_factor.address_of(staff, half["seed"])),
    }
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            second_factor.enroll(staff, seed=half["seed"], code=form.cleaned_data["code"])
        except BusinessError as error:
            return _refused(request, staff, "portal/enroll.html", form, error, **shown)
        return _come_in(request, staff, half)
    return render(request, "portal/enroll.html", {"title": "绑定二次验证", "form": form, **shown})


def _come_in(request: HttpRequest, staff: Any, half: dict[str, Any]) -> HttpResponse:
    request.session.flush()
    login(request, staff)
    request.session[sessions.SECOND_FACTOR] = True
    return redirect(half["next"])


def _refused(
    request: HttpRequest, staff: Any, template: str, form: CodeForm, error: BusinessError, **shown: Any
) -> HttpResponse:
    is_paused = error.code == "organization.sign_in_paused"
    if is_paused:
        # Whoever guesses begins with the password again.
        request.session.flush()
    else:
        sign_ins.code_refused(request, staff)
    form.add_error(None if is_paused else "code", error.message)
    return render(request, template, {"title": "二次验证", "form": form, **shown}, status=429 if is_paused else 200)


def _picture(address: str) -> SafeString:
    """The address as a QR code, drawn here: nothing is asked of another host."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False)
    return mark_safe(drawn)  # noqa: S308  a drawing of black squares

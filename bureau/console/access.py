"""Who may enter a desk: signed in, with one of its duties. Areas decide rows (`scope.narrow`), duties decide doors."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.terms import Duty

if TYPE_CHECKING:
    from bureau.organization.models import Staff

View = Callable[..., HttpResponse]


def staff(request: HttpRequest) -> Staff:
    """The signed-in staff member; only for code behind `desk` or the admin."""
    return cast("Staff", request.user)


def duties(request: HttpRequest) -> frozenset[str]:
    """The duty codes that the signed-in person holds today: they come with the session, or are asked once."""
    known: tuple[Any, frozenset[str]] | None = getattr(request, "_portal_duties", None)
    # Menu and tables ask some eighty times a page: who is behind `request.user` is looked at once for each user.
    if known is None or known[0] is not request.user:
        known = request._portal_duties = request.user, _duties_of(request)  # type: ignore[attr-defined]
    return known[1]


def _duties_of(request: HttpRequest) -> frozenset[str]:
    if not (request.user.is_authenticated and request.user.is_active):
        return frozenset()
    brought = getattr(request.user, "duties_today", None)
    return frozenset(staff_selectors.duties_of(staff(request)) if brought is None else brought)


def duty_labels(request: HttpRequest) -> list[str]:
    """The same in Chinese, in the order of the vocabulary."""
    return [duty.label for duty in Duty if str(duty) in duties(request)]


def may(request: HttpRequest, *needed: Duty) -> bool:
    """Whether one of `needed` is held; with none given, any staff member may."""
    return not duties(request).isdisjoint(needed) if needed else request.user.is_active


def require(request: HttpRequest, *needed: Duty) -> None:
    """Refuse with a sentence that names the duty held and the duty needed."""
    if may(request, *needed):
        return
    held = "、".join(duty_labels(request)) or "未任岗位"
    wanted = "、".join(duty.label for duty in needed)
    raise PermissionDenied(f"您的岗位（{held}）不能办理此项业务，需由{wanted}办理。如岗位有误，请联系系统管理员。")


def desk(*needed: Duty) -> Callable[[View], View]:
    """Make a view a desk: duty asked, never cached, a refusal shown as its sentence. Sign-in, CSRF: middleware."""

    def wrap(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request, *needed)
            try:
                response = view(request, *args, **kwargs)
            except BusinessError as error:
                response = refused(request, error)
            add_never_cache_headers(response)
            return response

        inner.duties = needed  # type: ignore[attr-defined]
        return inner

    return wrap


def refused(request: HttpRequest, error: BusinessError) -> HttpResponse:
    """The page of a refusal that no form could show."""
    return render(request, "portal/refused.html", {"title": "不能办理", "error": error}, status=409)

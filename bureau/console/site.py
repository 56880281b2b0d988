"""The portal's admin site: stock skeleton, our frame. Tables live here, desks beside it, one sign-in for both."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator

from bureau.console.own_account import OwnPassword


class PortalSite(admin.AdminSite):
    """Everybody who is signed in may enter; each table asks for its own duties."""

    site_header = "医疗保障经办"
    site_title = "医疗保障经办"
    index_title = "工作台"
    site_url = None
    # The frame brings its own navigation, in business order.
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active

    def each_context(self, request: Any) -> dict[str, Any]:
        """Without the list of all models, which the frame does not show."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "site_url": None,
            "has_permission": self.has_permission(request),
            "available_apps": [],
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:  # type: ignore[override]
        return redirect("portal:home")

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("portal:home")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        """One's own password, through the service."""
        view = OwnPassword.as_view(
            success_url=reverse("admin:password_change_done"),
            extra_context={**self.each_context(request), "title": "修改密码", **(extra_context or {})},
        )
        return view(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return redirect_to_login(request.GET.get("next", ""))

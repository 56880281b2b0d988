"""Mounts the portal. `/healthz` says that the process lives, and asks nothing else."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive; needs neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("people/", include("enrollment.urls")),
    path("funds/", include("bureau.funds.urls")),
    path("", include("bureau.console.urls")),
    path("", include("claims.urls")),
]

"""Mounts the portal."""

from django.contrib import admin
from django.urls import include, path

from bureau import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("admin/", admin.site.urls),
    path("relief/", include("relief.urls")),
    path("people/", include("enrollment.urls")),
    path("institutions/", include("institutions.urls")),
    path("funds/", include("bureau.funds.urls")),
    path("policy/", include("bureau.policy.urls")),
    path("simulation/", include("bureau.simulation.urls")),
    path("", include("bureau.console.urls")),
    path("", include("claims.urls")),
]

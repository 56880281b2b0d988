"""Claims: intake, adjudication, the month's settlement."""

from __future__ import annotations

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"
    verbose_name = "费用与结算"
    default_auto_field = "django.db.models.BigAutoField"

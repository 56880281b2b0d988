"""Trail: what was done, which files came in, which long jobs ran."""

from __future__ import annotations

from django.apps import AppConfig


class TrailConfig(AppConfig):
    name = "bureau.trail"
    label = "trail"
    verbose_name = "经办留痕"
    default_auto_field = "django.db.models.BigAutoField"

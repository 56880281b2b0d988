"""Relief: who is helped and since when."""

from __future__ import annotations

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    name = "relief"
    verbose_name = "医疗救助"
    default_auto_field = "django.db.models.BigAutoField"

"""Institutions: who may treat, what they may do, and the agreements that let them."""

from __future__ import annotations

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    name = "institutions"
    verbose_name = "定点机构"
    default_auto_field = "django.db.models.BigAutoField"

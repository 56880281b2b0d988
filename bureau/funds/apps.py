"""Funds: accounts, entries, payment orders. They know nothing of claims."""

from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "bureau.funds"
    label = "funds"
    verbose_name = "基金管理"
    default_auto_field = "django.db.models.BigAutoField"

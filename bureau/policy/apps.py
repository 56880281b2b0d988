"""Policy: the law as data, in published releases."""

from __future__ import annotations

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    name = "bureau.policy"
    label = "policy"
    verbose_name = "政策与参数"
    default_auto_field = "django.db.models.BigAutoField"

"""Enrollment: the person's file."""

from __future__ import annotations

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    name = "enrollment"
    verbose_name = "参保管理"
    default_auto_field = "django.db.models.BigAutoField"

"""参保管理。"""

from django.apps import AppConfig


class EnrollmentConfig(AppConfig):
    """Persons and their enrollments."""

    name = "enrollment"
    label = "enrollment"
    verbose_name = "参保管理"

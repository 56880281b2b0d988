"""医疗救助。"""

from django.apps import AppConfig


class ReliefConfig(AppConfig):
    """Relief statuses and the rosters they come from."""

    name = "relief"
    label = "relief"
    verbose_name = "医疗救助"

"""工作台。"""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The counter that every screen stands on."""

    name = "bureau.console"
    label = "console"
    verbose_name = "工作台"

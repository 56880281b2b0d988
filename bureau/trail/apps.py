"""操作留痕。"""

from django.apps import AppConfig


class TrailConfig(AppConfig):
    """Who did what, which run is where."""

    name = "bureau.trail"
    label = "trail"
    verbose_name = "操作留痕"

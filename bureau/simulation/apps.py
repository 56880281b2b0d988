"""测算。"""

from django.apps import AppConfig


class SimulationConfig(AppConfig):
    """What last year's claims would have cost under another law."""

    name = "bureau.simulation"
    label = "simulation"
    verbose_name = "测算"

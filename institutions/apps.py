"""定点机构。"""

from django.apps import AppConfig


class InstitutionsConfig(AppConfig):
    """Hospitals, pharmacies and their agreements."""

    name = "institutions"
    label = "institutions"
    verbose_name = "定点机构"

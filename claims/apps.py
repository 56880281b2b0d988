"""费用审核与结算。"""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Claims from intake to settlement."""

    name = "claims"
    label = "claims"
    verbose_name = "费用审核与结算"

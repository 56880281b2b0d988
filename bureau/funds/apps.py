"""基金账务。"""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Accounts, entries and payment orders."""

    name = "bureau.funds"
    label = "funds"
    verbose_name = "基金账务"

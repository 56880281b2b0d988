"""政策参数。"""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """Every number that a policy document can change."""

    name = "bureau.policy"
    label = "policy"
    verbose_name = "政策参数"

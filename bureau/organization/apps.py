"""机构与人员。"""

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """Areas, offices, staff and their duties."""

    name = "bureau.organization"
    label = "organization"
    verbose_name = "机构与人员"

"""机构与人员。"""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OrganizationConfig(AppConfig):
    """Areas, offices, staff and their duties."""

    name = "bureau.organization"
    label = "organization"
    verbose_name = "机构与人员"

    def ready(self) -> None:
        from bureau import walls

        walls.connect()
        post_migrate.connect(walls.renew_keys, sender=self, dispatch_uid="walls.renew_keys")

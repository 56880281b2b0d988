"""工作台。"""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules


class ConsoleConfig(AppConfig):
    """The counter that every screen stands on."""

    name = "bureau.console"
    label = "console"
    verbose_name = "工作台"
    default = True

    def ready(self) -> None:
        from bureau.console import sign_ins, upkeep

        sign_ins.connect()
        upkeep.connect()
        # Every app shows its blocks, waiting work and search hits on pages below it from its room `panels`.
        autodiscover_modules("panels")
        # Which lists of desks may leave as files, and with which columns, from its room `resources`.
        autodiscover_modules("resources")


class PortalAdminConfig(AdminConfig):
    """Stock admin with our site: registrations by `admin.register` land in the portal."""

    default = False
    default_site = "bureau.console.site.PortalSite"

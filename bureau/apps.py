"""The roof: last in INSTALLED_APPS, it loads Celery once every app is there (`bureau/__init__.py` stays empty)."""

from django.apps import AppConfig


class BureauConfig(AppConfig):
    """Registers every task, in the web process too, where they are started by name."""

    name = "bureau"
    label = "bureau_roof"
    verbose_name = "医保局"

    def ready(self) -> None:
        from bureau.celery import app

        app.autodiscover_tasks(force=True)

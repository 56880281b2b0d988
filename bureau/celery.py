"""The Celery application. Its messages are hints; the work to do stands in PostgreSQL, the queue of record."""

import os

from celery import Celery

from bureau.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")

app = Celery("bureau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()

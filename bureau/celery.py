"""The Celery application. Its messages are hints; the work to do stands in PostgreSQL, the queue of record."""

import os
from typing import Any

from celery import Celery, Task

from bureau import walls
from bureau.schedule import beat_schedule

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")


class NamedTask(Task):
    """What a task changes, the history of rows says so by the task's name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with walls.through(self.name):
            return super().__call__(*args, **kwargs)


app = Celery("bureau", task_cls=NamedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = beat_schedule()

"""`manage.py demo_summary`: the demo's months in yuan, what waits, and the accounts."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bureau import walls
from bureau.demo import summary
from bureau.kernel.errors import BusinessError


class Command(BaseCommand):
    help = "演示城市一览：各月结算、等着办的事、演示账号。"

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary.require_built()
        except BusinessError as error:
            raise CommandError(str(error)) from error
        for line in summary.lines():
            self.stdout.write(line)

"""`manage.py serve`: the whole portal of this checkout, until Ctrl-C: services, web server, worker and clock."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.kernel.errors import BusinessError
from bureau.launcher import portal, services
from bureau.launcher.crew import Crew


class Command(BaseCommand):
    """Needs no database and runs no checks, since it brings them up."""

    help = "启动门户（网页、作业、定时），按 Ctrl-C 全部停止。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--stop", action="store_true", help="停止本目录正在运行的门户")

    def handle(self, *args: Any, host: str, port: int, stop: bool, **options: Any) -> None:
        if stop:
            self.stdout.write("门户已停止。" if portal.stop(settings.BASE_DIR) else "门户没有运行。")
            return
        portal.stop_on_signals()
        try:
            self.serve(host, port)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("\n门户已停止。")

    def serve(self, host: str, port: int) -> None:
        checkout = settings.BASE_DIR
        portal.demand_free(host, port)
        with portal.single(checkout), services.using(checkout), Crew(checkout, os.environ) as crew:
            crew.run(sys.executable, "manage.py", "migrate", "--verbosity=0")
            portal.start_worker(crew)
            portal.start_clock(crew)
            portal.start_web(crew, host, port)
            self.stdout.write(f"门户已启动：http://{host}:{port}  按 Ctrl-C 停止。")
            self.stdout.flush()
            crew.watch()

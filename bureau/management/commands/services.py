"""`manage.py services start|stop|status|clean`: the embedded PostgreSQL and Valkey of this checkout."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.kernel.errors import BusinessError
from bureau.launcher import services
from bureau.launcher.places import locate


class Command(BaseCommand):
    """Needs no database and runs no checks, since it comes before both."""

    help = "启动、停止、查看或清除本目录的 PostgreSQL 与 Valkey。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("verb", choices=["start", "stop", "status", "clean"])

    def handle(self, *args: Any, verb: str, **options: Any) -> None:
        try:
            getattr(self, verb)()
        except BusinessError as error:
            raise CommandError(str(error)) from error

    def start(self) -> None:
        started = services.start(settings.BASE_DIR)
        self.stdout.write(f"已启动：{'、'.join(started)}" if started else "服务都在运行。")
        places = locate(settings.BASE_DIR)
        if places.temporary:
            self.stdout.write(f"数据或套接字放在 {places.temporary}，make clean 会删除它。")

    def stop(self) -> None:
        stopped = services.stop(settings.BASE_DIR)
        self.stdout.write(f"已停止：{'、'.join(stopped)}" if stopped else "没有运行中的服务。")

    def status(self) -> None:
        answering = services.status(settings.BASE_DIR)
        for name, running in answering.items():
            self.stdout.write(f"{name}：{'运行中' if running else '未运行'}")
        if not all(answering.values()):
            raise CommandError("有服务未运行。", returncode=3)

    def clean(self) -> None:
        services.clean(settings.BASE_DIR)
        self.stdout.write("已停止服务并清除数据。")

"""`manage.py demo`: from nothing to a settled month, each step a command that staff could type, then the portal."""

from __future__ import annotations

import json
import os
import sys
import time
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau.kernel.errors import BusinessError
from bureau.launcher import portal, services
from bureau.launcher.crew import Crew

MONTH = "2023-05"
SETTLED_BY = "finance-city"
APPROVED_BY = "approve-city"
PAYMENTS = f"var/payments-{MONTH}.csv"


class Command(BaseCommand):
    """Settles on a real Celery worker; a second run finds everything done and changes nothing."""

    help = f"建立演示城市，结算 {MONTH}，核对账簿，启动门户。"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", default="mianyang")
        parser.add_argument("--scale", default="small")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--serve", choices=["yes", "no"], default="yes")

    def handle(self, *args: Any, city: str, scale: str, host: str, port: int, serve: str, **options: Any) -> None:
        portal.stop_on_signals()
        try:
            self.perform(city, scale, (host, port) if serve == "yes" else None)
        except BusinessError as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.say("\n已停止。")

    def perform(self, city: str, scale: str, address: tuple[str, int] | None) -> None:
        checkout = settings.BASE_DIR
        with ExitStack() as stack:
            if address:
                stack.enter_context(portal.single(checkout))
                portal.demand_free(*address)
            stack.enter_context(services.using(checkout))
            crew = stack.enter_context(Crew(checkout, os.environ))
            self.build(crew, city, scale)
            if address:
                self.serve(crew, *address)

    def build(self, crew: Crew, city: str, scale: str) -> None:
        began = time.monotonic()
        self.step(crew, "建表", "migrate", "--verbosity=0")
        self.step(crew, "建立演示城市", "demo_city", "--city", city, "--scale", scale)
        portal.start_worker(crew)
        self.settle(crew)
        self.step(crew, "核对账簿", "check_books")
        self.step(crew, "汇总", "demo_summary")
        self.say(f"用时 {time.monotonic() - began:.0f} 秒。")

    def serve(self, crew: Crew, host: str, port: int) -> None:
        portal.start_clock(crew)
        portal.start_web(crew, host, port)
        self.say(f"门户已启动：http://{host}:{port}  按 Ctrl-C 停止。")
        crew.watch()

    def settle(self, crew: Crew) -> None:
        self.say(f"· 结算 {MONTH}")
        run = json.loads(crew.run(*_manage("settle", MONTH, "--by", SETTLED_BY, "--json"), captured=True))
        if run["stage"] == "sealed":
            self.step(crew, "审批", "approve_settlement", str(run["run"]), "--by", APPROVED_BY)
        # Who exports again is written down again; a second demo leaves that out.
        if run["stage"] != "paying" or not (settings.BASE_DIR / PAYMENTS).exists():
            self.step(crew, "导出付款文件", "export_payments", str(run["run"]), "--out", PAYMENTS)

    def step(self, crew: Crew, sentence: str, *command: str) -> None:
        self.say(f"· {sentence}")
        crew.run(*_manage(*command))

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()


def _manage(*command: str) -> tuple[str, ...]:
    return (sys.executable, "manage.py", *command)

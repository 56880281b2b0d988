"""`manage.py demo_city --city mianyang --scale small --seed 1`: build the demo city, once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.demo.build import build
from bureau.kernel.errors import BusinessError


class Command(BaseCommand):
    help = "建立演示城市：虚构的人员、机构与费用，真实的区划；同一种子处处相同。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--city", default="mianyang")
        parser.add_argument("--scale", default="small", help="small，或游仙区一年的份额，如 1、0.05")
        parser.add_argument("--seed", type=int, default=1)

    @walls.as_system()
    def handle(self, *args: Any, city: str, scale: str, seed: int, **options: Any) -> None:
        try:
            build(city, scale=scale, seed=seed, say=self.say)
        except BusinessError as error:
            raise CommandError(str(error)) from error

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
        self.stdout.flush()

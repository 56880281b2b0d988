"""`manage.py check_books [--json]`: prove claims = statements = postings = payments; exit code 1 where they differ."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from claims.services import checking


class Command(BaseCommand):
    help = "核对单据、结算单、凭证与付款：逐项列出，任何一项不符即报错。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        proof = checking.prove()
        if options["json"]:
            self.stdout.write(json.dumps(proof.to_json()))
        else:
            for name, faults in sorted(proof.faults.items()):
                self.stdout.write(f"{name}：{'一致' if faults == 0 else f'{faults} 处不符'}")
            self.stdout.write("，".join(f"{name} {count}" for name, count in proof.counts.items()))
        if not proof.is_sound:
            raise CommandError("账目核对不一致。[books.broken]")

"""`manage.py verify_trail [--json] [--head HEX]`: walk along the chain over the log; exit code 1 where it is broken."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.trail.services import chain


class Command(BaseCommand):
    help = "核验操作日志、查阅记录与每日链头：逐行列出被改动、删除、截断之处。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--head", default="", metavar="HEX", help="印在月报上的链头，用来发现整条链被重写")

    @walls.as_system()
    def handle(self, *args: Any, **options: Any) -> None:
        # Paper shows a head in groups of eight.
        proof = chain.prove(paper_head="".join(options["head"].split()))
        if options["json"]:
            self.stdout.write(json.dumps(proof.to_json()))
        else:
            for fault in proof.faults:
                self.stdout.write(str(fault))
            self.stdout.write(f"已封 {proof.sealed} 环，未封 {proof.unsealed} 行，链头 {proof.head or '无'}")
        if not proof.is_sound:
            raise CommandError(f"日志链有 {len(proof.faults)} 处不符，首处：{proof.faults[0]}。[trail.broken]")

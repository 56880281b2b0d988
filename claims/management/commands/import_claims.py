"""`manage.py import_claims FILE --institution CODE --month 2023-05 --by USER`: take a claim file in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.staff import staff_named
from claims.services import intake


class Command(BaseCommand):
    help = "受理一家机构一个月的费用申报文件（列见 docs/claim-file.md）。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--institution", required=True)
        parser.add_argument("--month", required=True)
        parser.add_argument("--by", required=True)
        parser.add_argument("--json", action="store_true")

    @walls.as_system()
    def handle(self, *args: Any, file: Path, institution: str, month: str, by: str, **options: Any) -> None:
        clerk = staff_named(by)
        if clerk is None:
            raise CommandError(f"没有名为 {by} 的工作人员。[staff.unknown]")
        try:
            receipt = intake.receive(
                content=file.read_bytes(), file_name=file.name, institution_code=institution, month=month, by=clerk
            )
        except OSError:
            raise CommandError(f"读不到文件 {file}。[file.unreadable]") from None
        except BusinessError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(receipt.to_json()))
            return
        known = "（同一文件已受理过）" if receipt.recognized else ""
        self.stdout.write(
            f"批次 {receipt.batch}{known}：{receipt.rows} 行，受理 {receipt.accepted} 行，退回 {receipt.refused} 行。"
        )

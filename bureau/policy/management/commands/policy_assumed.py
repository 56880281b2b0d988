"""List every value that no document gives (假定值)."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bureau.kernel.errors import BusinessError
from bureau.policy.rules import packs
from bureau.policy.rules.rulebook import literal_text


class Command(BaseCommand):
    help = "列出全部假定值。"
    requires_system_checks = ()
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("city", nargs="?")

    def handle(self, *args: Any, city: str | None, **options: Any) -> None:
        for name in [city] if city else packs.cities():
            try:
                rulebook = packs.load_city(name)
            except BusinessError as error:
                raise CommandError(str(error)) from None
            for row in rulebook.assumed():
                cells = " ".join(f"{key}={'|'.join(labels)}" for key, labels in row.labels.items())
                where = f"{row.document.id} {row.clause.at}"
                self.stdout.write(f"{name}\t{row.name}\t{literal_text(row)}\t{cells}\t{where}\t{row.valid_from}")

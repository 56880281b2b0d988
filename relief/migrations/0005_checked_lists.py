"""A roster is confirmed by a checker who touched none of its rows; its rows then stay."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0004_duties_apart"),
        ("trail", "0006_confirmed_content"),
        ("relief", "0004_walls"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

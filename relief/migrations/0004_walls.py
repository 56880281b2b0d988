"""The wall around statuses and rosters."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0002_walls"),
        ("relief", "0003_encrypted_rows"),
        ("enrollment", "0004_walls"),
        ("trail", "0005_walls"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

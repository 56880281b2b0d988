"""The wall around claims, adjudications and statements."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0002_walls"),
        ("claims", "0005_encrypted_rows_and_lists"),
        ("trail", "0005_walls"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

"""Files, enrollments and recognitions stay in their area; a person moves by its own service."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0004_duties_apart"),
        ("enrollment", "0005_openings"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

"""The wall around log, read records, batches and runs."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0002_walls"), ("trail", "0004_read_records")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

"""The wall around people and their coverage."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0002_walls"), ("enrollment", "0003_encrypted_identity")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

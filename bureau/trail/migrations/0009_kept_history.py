"""How an event table is kept: a procedure that the migrations of the apps call."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP PROCEDURE trail_keep(regclass, regclass);
DROP FUNCTION trail_refuse_change_of_history() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("trail", "0008_sealed_lines"), ("organization", "0002_walls")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

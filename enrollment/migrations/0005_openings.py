"""Files of other counties, opened one by one at the acceptance desk (HZ-19)."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP POLICY by_opening ON enrollment_person;
DROP FUNCTION enrollment_opened();
DROP FUNCTION enrollment_open(bytea, text);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("enrollment", "0004_walls"), ("trail", "0005_walls")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

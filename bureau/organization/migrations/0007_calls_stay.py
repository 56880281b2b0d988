"""What institutions' systems asked for is only ever added to; the former state of such a row is never asked for."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP TRIGGER institution_calls_are_not_emptied ON organization_institutioncall;
DROP TRIGGER institution_call_stays ON organization_institutioncall;
DROP FUNCTION organization_refuse_change_of_calls();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0006_history")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

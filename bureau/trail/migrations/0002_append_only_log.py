"""The action log refuses update, delete and truncate."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP TRIGGER action_log_is_not_emptied ON trail_actionlog;
DROP TRIGGER action_log_stays ON trail_actionlog;
DROP FUNCTION trail_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("trail", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

"""Published releases never change."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP TRIGGER releases_are_not_emptied ON policy_release;
DROP TRIGGER release_stays ON policy_release;
DROP TRIGGER release_begins_as_draft ON policy_release;
DROP FUNCTION policy_begin_as_draft();
DROP FUNCTION policy_check_release();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("policy", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

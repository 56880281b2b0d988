"""The database knows the way of a release, and walls stand around its drafts."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP TRIGGER opened_stays ON policy_openedchange;
DROP TRIGGER versions_stay ON policy_draftversion;
DROP FUNCTION policy_keep_as_written();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("policy", "0004_life_of_a_release")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

"""Who acts, as the database knows it, and how a table gets its wall."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP PROCEDURE walls_share(regclass, name);
DROP PROCEDURE walls_enclose_through(regclass, name, regclass);
DROP PROCEDURE walls_enclose(regclass, name);
DROP FUNCTION walls_state_system();
DROP OPERATOR ^@@ (text, text);
DROP FUNCTION walls_reach();
DROP FUNCTION walls_actor();
DROP TABLE walls_key;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

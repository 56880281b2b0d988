"""A simulation stays the city's."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

KEEP = "".join(f"CALL walls_keep_area('simulation_{table}');" for table in ("snapshot", "scenario", "simulation"))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("simulation", "0002_walls"), ("organization", "0004_duties_apart")]

    operations: ClassVar = [migrations.RunSQL(KEEP, migrations.RunSQL.noop)]

"""What a list of a hundred thousand rows paid for and nobody asked: double indexes, checks row by row."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0007_calls_stay"),
        ("trail", "0009_kept_history"),
        ("relief", "0006_history"),
    ]

    operations: ClassVar = [
        migrations.AlterField(
            "rosterentry",
            "area",
            models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="organization.area",
                verbose_name="区划",
            ),
        ),
        migrations.AlterField(
            "rosterentry",
            "batch",
            models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="roster_entries",
                to="trail.importbatch",
                verbose_name="批次",
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

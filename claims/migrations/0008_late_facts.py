"""A fact that changes afterwards brings the person-years concerned back to adjudication, whoever wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("claims", "0007_discrepancy"),
        ("enrollment", "0005_openings"),
        ("relief", "0004_walls"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="personyear",
            name="due_because",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="由数据库在事实变更时写下",
                max_length=40,
                verbose_name="重新核算的缘由",
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

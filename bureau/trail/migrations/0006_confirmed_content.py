"""A confirmation stores the fingerprint of what was confirmed; a confirmed batch moves no more but backwards."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0004_duties_apart"), ("trail", "0005_walls")]

    operations: ClassVar = [
        migrations.AddField(
            "importbatch",
            "confirmed_sha256",
            models.CharField("复核所依差异指纹", max_length=64, blank=True, default=""),
        ),
        migrations.AlterField(
            "importbatch", "confirmed_sha256", models.CharField("复核所依差异指纹", max_length=64, blank=True)
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.AddConstraint(
            "importbatch",
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | Q(confirmed_sha256=F("comparison_sha256")),
                name="confirmation_is_bound_to_the_comparison",
            ),
        ),
    ]

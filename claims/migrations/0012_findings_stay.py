"""A finding stays where its claim's version is."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0011_history"), ("organization", "0004_duties_apart")]

    operations: ClassVar = [
        migrations.RunSQL("CALL walls_keep_area('claims_discrepancy')", migrations.RunSQL.noop),
    ]

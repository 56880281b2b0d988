"""Files of other counties, opened one by one at the acceptance desk (HZ-19)."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


UNDO = """
DROP POLICY by_opening ON enrollment_person;
DROP FUNCTION enrollment_opened();
DROP FUNCTION enrollment_open(text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0003_walls"),
        ("organization", "0002_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("opened_at", models.DateTimeField(verbose_name="时间")),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="organization.area", verbose_name="档案所在地"
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="organization.office",
                        verbose_name="窗口",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="enrollment.person",
                        verbose_name="档案",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="openings",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "跨区县查询",
                "verbose_name_plural": "跨区县查询",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["staff", "opened_at"], name="opening_of_staff")],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

"""Who looked at whom: a table that is only added to."""

from __future__ import annotations

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

UNDO = """
DROP TRIGGER read_records_are_not_emptied ON trail_readrecord;
DROP TRIGGER read_record_stays ON trail_readrecord;
DROP FUNCTION trail_refuse_change_of_reads();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0003_encrypted_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("viewed", "查看档案"),
                            ("searched", "按证件号查到"),
                            ("opened", "跨区县打开"),
                            ("missed", "按证件号未查到"),
                            ("revealed", "显示完整号码"),
                        ],
                        max_length=10,
                        verbose_name="种类",
                    ),
                ),
                ("screen", models.CharField(max_length=30, verbose_name="画面")),
                ("subject_kind", models.CharField(max_length=40, verbose_name="对象类型")),
                ("subject_key", models.CharField(blank=True, max_length=80, verbose_name="对象编号")),
                ("area_code", models.CharField(blank=True, max_length=12, verbose_name="区划代码")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="查阅人",
                    ),
                ),
            ],
            options={
                "verbose_name": "查阅记录",
                "verbose_name_plural": "查阅记录",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["by", "kind", "at"], name="reads_of_somebody"),
                    models.Index(fields=["subject_kind", "subject_key"], name="reads_of_subject"),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

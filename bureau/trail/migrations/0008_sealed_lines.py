"""The chain over the log and the read records, and the head of each day."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

UNDO = """
DROP FUNCTION trail_close_day(date);
DROP FUNCTION trail_seal_lines(integer);
DROP FUNCTION trail_link(text, bigint, text, timestamptz, text);
DROP VIEW trail_line;
DROP FUNCTION trail_refuse_change_of_seals() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trail", "0007_batches_of_institutions"),
    ]

    operations = [
        migrations.CreateModel(
            name="DayHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("at", models.DateTimeField(verbose_name="封存时间")),
                ("number", models.BigIntegerField(verbose_name="环号")),
                ("sha256", models.CharField(max_length=64, verbose_name="链头")),
            ],
            options={
                "verbose_name": "每日链头",
                "verbose_name_plural": "每日链头",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="环号")),
                (
                    "book",
                    models.CharField(
                        choices=[("action", "操作日志"), ("read", "查阅记录"), ("head", "每日链头")],
                        max_length=6,
                        verbose_name="簿",
                    ),
                ),
                ("line", models.BigIntegerField(verbose_name="行")),
                ("sealed_at", models.DateTimeField(verbose_name="封存时间")),
                ("sha256", models.CharField(max_length=64, verbose_name="指纹")),
            ],
            options={
                "verbose_name": "链环",
                "verbose_name_plural": "链环",
                "ordering": ["number"],
                "constraints": [models.UniqueConstraint(fields=("book", "line"), name="line_sealed_once")],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

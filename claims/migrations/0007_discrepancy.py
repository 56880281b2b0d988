"""What a recheck does not confirm stands written, until somebody explains it."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("claims", "0006_walls"),
        ("organization", "0003_guard_the_doors"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("amount", "金额不符"),
                            ("trace", "计算过程不符"),
                            ("facts", "事实不能重算"),
                            ("policy", "政策内容与指纹不符"),
                        ],
                        max_length=10,
                        verbose_name="不符之处",
                    ),
                ),
                ("stored", models.JSONField(default=dict, help_text="不符的各项，单位：分", verbose_name="所存金额")),
                (
                    "recomputed",
                    models.JSONField(default=dict, help_text="不符的各项，单位：分", verbose_name="重算金额"),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("open", "待说明"), ("explained", "已说明")],
                        default="open",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="发现时间")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("explained_at", models.DateTimeField(blank=True, null=True, verbose_name="说明时间")),
                (
                    "adjudication",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancy",
                        to="claims.adjudication",
                        verbose_name="核算",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="organization.area", verbose_name="参保地"
                    ),
                ),
                (
                    "explained_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="说明人",
                    ),
                ),
            ],
            options={
                "verbose_name": "核算不符",
                "verbose_name_plural": "核算不符",
                "ordering": ["-opened_at", "-id"],
                "indexes": [
                    models.Index(condition=models.Q(("stage", "open")), fields=["area"], name="discrepancy_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("explained_at__isnull", True),
                                ("explained_by__isnull", True),
                                ("reason", ""),
                                ("stage", "open"),
                            ),
                            models.Q(
                                ("explained_at__isnull", False),
                                ("explained_by__isnull", False),
                                ("stage", "explained"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="discrepancy_is_explained_by_somebody",
                    )
                ],
            },
        ),
        migrations.RunSQL("CALL walls_enclose('claims_discrepancy')", migrations.RunSQL.noop),
    ]

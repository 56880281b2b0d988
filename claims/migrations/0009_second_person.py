"""Approvals by seat, bound to the seal; and what was sealed cannot be changed, added to or taken from."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

from bureau.fields import MoneyField

# What was settled before there were tiers had one approver, which suffices below this amount; no document gives it.
FORMER = 100_000_000


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0004_duties_apart"),
        ("funds", "0006_third_person"),
        ("claims", "0008_late_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        migrations.AddField(
            "settlementrun",
            "second_approval_from",
            MoneyField("须第二人审批的实付额（含）", default=FORMER),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "settlementrun",
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, stage__in=["computing", "sealed"])
                | Q(approved_by__isnull=False, stage__in=["approved", "paying"]),
                name="approved_stage_has_an_approver",
            ),
        ),
        migrations.CreateModel(
            "Approval",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seat", models.PositiveSmallIntegerField("第几人")),
                ("at", models.DateTimeField("审批时间", auto_now_add=True)),
                ("sha256", models.CharField("审批所依指纹", max_length=64)),
                (
                    "by",
                    models.ForeignKey(
                        settings.AUTH_USER_MODEL,
                        verbose_name="审批人",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        "claims.settlementrun",
                        verbose_name="结算批次",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                    ),
                ),
            ],
            options={
                "verbose_name": "审批",
                "verbose_name_plural": "审批",
                "ordering": ["run", "seat"],
                "constraints": [
                    models.UniqueConstraint(fields=["run", "seat"], name="one_approval_per_seat"),
                    models.UniqueConstraint(fields=["run", "by"], name="one_seat_per_approver"),
                    models.CheckConstraint(condition=Q(seat__in=[1, 2]), name="approval_has_a_seat"),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

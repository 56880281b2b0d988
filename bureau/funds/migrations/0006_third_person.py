"""Who pays is a third person, and who books what the bank did is not who paid."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("organization", "0004_duties_apart"),
        ("funds", "0005_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations: ClassVar = [
        *(
            migrations.AddField(
                "paymentorder",
                name,
                models.ForeignKey(
                    settings.AUTH_USER_MODEL,
                    verbose_name=title,
                    null=True,
                    blank=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                ),
            )
            for name, title in (("paid_by", "出纳"), ("booked_by", "回单登记人"))
        ),
        migrations.AddConstraint(
            "paymentorder",
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | (~Q(paid_by=F("made_by")) & ~Q(paid_by=F("approved_by"))),
                name="payer_is_neither_maker_nor_approver",
            ),
        ),
        migrations.AddConstraint(
            "paymentorder",
            models.CheckConstraint(
                condition=Q(booked_by__isnull=True) | (~Q(booked_by=F("paid_by")) & ~Q(booked_by=F("approved_by"))),
                name="who_books_a_payment_did_not_pay_it",
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]

"""Until when a password that was issued opens the door."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0007_calls_stay")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="staff",
            name="initial_until",
            field=models.DateTimeField(
                editable=False,
                help_text="现用密码是系统给的，须在此之前由本人改掉。",
                null=True,
                verbose_name="初始密码有效期至",
            ),
        ),
    ]

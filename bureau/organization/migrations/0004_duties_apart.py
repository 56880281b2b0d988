"""A cashier; incompatible duties are refused by the table; and a question that other tables ask: who holds a duty."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

from bureau.organization.terms import Duty

UNDO = """
DROP FUNCTION organization_require_duty(bigint, text[]);
DROP TRIGGER duties_stay_apart ON organization_dutyassignment;
DROP FUNCTION organization_check_assignment();
DROP FUNCTION organization_are_apart(text, text);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0003_guard_the_doors")]

    operations: ClassVar = [
        migrations.AlterField(
            "dutyassignment", "duty", models.CharField("岗位", max_length=20, choices=Duty.choices())
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

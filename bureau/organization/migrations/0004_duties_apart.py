"""A cashier; incompatible duties are refused by the table; and a question that other tables ask: who holds a duty."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations, models

UNDO = """
DROP PROCEDURE walls_keep_area(regclass, name);
DROP FUNCTION walls_refuse_move();
DROP FUNCTION organization_require_duty(bigint, text[]);
DROP TRIGGER duties_stay_apart ON organization_dutyassignment;
DROP FUNCTION organization_check_assignment();
DROP FUNCTION organization_are_apart(text, text);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("organization", "0003_guard_the_doors")]

    operations: ClassVar = [
        migrations.AlterField(
            "dutyassignment",
            "duty",
            models.CharField(
                "岗位",
                max_length=20,
                choices=[
                    ("counter", "综合柜员"),
                    ("relief", "救助经办"),
                    ("relief_check", "救助复核"),
                    ("review_first", "初审"),
                    ("review_second", "复审"),
                    ("review_final", "终审"),
                    ("institutions", "机构管理"),
                    ("finance", "基金会计"),
                    ("finance_approval", "财务审批"),
                    ("cashier", "出纳"),
                    ("policy", "政策管理"),
                    ("policy_check", "政策复核"),
                    ("audit", "稽核"),
                    ("leader_county", "县区领导"),
                    ("leader_city", "市级领导"),
                    ("town", "乡镇经办"),
                    ("system", "系统管理员"),
                    ("security", "安全管理员"),
                    ("trail", "审计员"),
                ],
            ),
        ),
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

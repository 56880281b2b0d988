"""Adjudications, seals and statements are never changed."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP TRIGGER claim_is_settled_once ON claims_claim;
DROP TRIGGER statement_lines_are_not_emptied ON claims_settlementline;
DROP TRIGGER statement_line_stays ON claims_settlementline;
DROP TRIGGER statements_are_not_emptied ON claims_settlement;
DROP TRIGGER statement_stays ON claims_settlement;
DROP TRIGGER statement_in_time ON claims_settlement;
DROP TRIGGER runs_are_not_emptied ON claims_settlementrun;
DROP TRIGGER run_stays ON claims_settlementrun;
DROP TRIGGER run_keeps_its_seal ON claims_settlementrun;
DROP TRIGGER adjudications_are_not_emptied ON claims_adjudication;
DROP TRIGGER adjudication_is_not_deleted ON claims_adjudication;
DROP TRIGGER adjudication_stays ON claims_adjudication;
DROP FUNCTION claims_check_claim();
DROP FUNCTION claims_check_statement();
DROP FUNCTION claims_check_run();
DROP FUNCTION claims_check_adjudication();
DROP FUNCTION claims_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0003_person_years")]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

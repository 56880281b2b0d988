"""The wall for institutions: a key reads the rows of its own institution, and writes none."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.db import migrations

UNDO = """
DROP POLICY own_adjudication ON claims_adjudication;
DROP FUNCTION walls_claim_is_own(bigint);
DROP POLICY own_month ON claims_settlementrun;
DROP POLICY own_line ON claims_settlementline;
DROP POLICY own_statement ON claims_settlement;
DROP POLICY own_refused_row ON claims_claimrow;
DROP POLICY own_file ON trail_importbatch;
DROP POLICY own_claim ON claims_claim;
DROP POLICY read_by_institutions ON policy_release;
DROP POLICY own_agreement ON institutions_agreement;
DROP POLICY own_institution ON institutions_institution;
DROP POLICY own_call ON organization_institutioncall;
DROP POLICY by_area ON organization_institutioncall;
ALTER TABLE organization_institutioncall NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
DROP FUNCTION walls_own_institution();
DROP FUNCTION walls_institution();
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("claims", "0009_second_person"),
        ("institutions", "0004_walls"),
        ("organization", "0005_institution_calls"),
        ("policy", "0003_walls"),
        ("trail", "0007_batches_of_institutions"),
    ]

    operations: ClassVar = [
        migrations.RunSQL(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"), UNDO),
    ]

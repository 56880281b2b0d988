"""The text of refused rows and the sealed payment lists are encrypted; the seal is over the plain text as before."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import EncryptedJSONField, EncryptedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("claims", "0004_settled_stays_settled")]

    operations: ClassVar = [
        *encrypting(
            "claimrow",
            "claims_claimrow",
            {"raw": EncryptedJSONField(verbose_name="原文", context="claim_row.raw", default=dict)},
        ),
        *encrypting(
            "settlementrun",
            "claims_settlementrun",
            {
                "payment_list": EncryptedTextField(
                    verbose_name="封存的付款清单", context="settlement_run.payment_list", is_kept=True, blank=True
                )
            },
            chunk=50,
        ),
    ]

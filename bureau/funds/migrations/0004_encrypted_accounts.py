"""The accounts of payment orders are encrypted; nothing else of an order changes."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import EncryptedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("funds", "0003_append_only_books")]

    operations: ClassVar = [
        *encrypting(
            "paymentorder",
            "funds_paymentorder",
            {
                "bank_account": EncryptedTextField(
                    verbose_name="收款账号", context="payment_order.bank_account", is_kept=True
                )
            },
            triggers=["payment_order_moves_on"],
        ),
    ]

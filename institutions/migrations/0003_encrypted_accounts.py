"""Bank accounts and telephone numbers of institutions are encrypted."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import EncryptedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("institutions", "0002_relations")]

    operations: ClassVar = [
        *encrypting(
            "institution",
            "institutions_institution",
            {
                "bank_account": EncryptedTextField(
                    verbose_name="银行账号", context="institution.bank_account", blank=True
                ),
                "contact": EncryptedTextField(verbose_name="联系电话", context="institution.contact", blank=True),
            },
        ),
    ]

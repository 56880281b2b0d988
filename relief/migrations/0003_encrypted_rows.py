"""Staged rows are encrypted where they hold ID and telephone numbers, their text as a whole."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import BlindIndexField, EncryptedJSONField, EncryptedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("relief", "0002_relied_upon_statuses")]

    operations: ClassVar = [
        *encrypting(
            "rosterentry",
            "relief_rosterentry",
            {
                "id_number": EncryptedTextField(verbose_name="身份证号", context="roster_entry.id_number", blank=True),
                "phone": EncryptedTextField(verbose_name="联系电话", context="roster_entry.phone", blank=True),
                "raw": EncryptedJSONField(verbose_name="原文", context="roster_entry.raw", default=dict),
            },
            indices={
                "id_index": BlindIndexField(
                    verbose_name="身份证号索引", of="id_number", context="person.id_number", null=True
                )
            },
        ),
    ]

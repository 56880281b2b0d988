"""ID and telephone numbers are encrypted; a keyed blind index finds a person by ID number."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import BlindIndexField, EncryptedTextField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("enrollment", "0002_relations")]

    operations: ClassVar = [
        *encrypting(
            "person",
            "enrollment_person",
            {
                "id_number": EncryptedTextField(verbose_name="身份证号", context="person.id_number"),
                "phone": EncryptedTextField(verbose_name="联系电话", context="person.phone", blank=True),
            },
            indices={
                "id_index": BlindIndexField(
                    verbose_name="身份证号索引", of="id_number", context="person.id_number", unique=True
                )
            },
        ),
    ]

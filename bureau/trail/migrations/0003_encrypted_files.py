"""The bytes of files that came in are encrypted; their fingerprint is of the plain bytes as before."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from bureau.fields.converting import encrypting
from bureau.fields.encrypted import EncryptedBytesField


class Migration(migrations.Migration):
    dependencies: ClassVar = [("trail", "0002_append_only_log")]

    operations: ClassVar = [
        *encrypting(
            "importbatch",
            "trail_importbatch",
            {"content": EncryptedBytesField(verbose_name="文件内容", context="import_batch.content")},
            chunk=20,
        ),
    ]

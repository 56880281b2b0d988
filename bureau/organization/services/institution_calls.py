"""What institutions' systems asked for: one line a call, and each deed once per idempotency key."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import connection

from bureau.kernel.errors import BusinessError
from bureau.organization.models import InstitutionCall

if TYPE_CHECKING:
    from bureau.organization.models import InstitutionKey


def record(
    *,
    what: str,
    status: int,
    idempotency_key: str = "",
    fingerprint: str = "",
    subject_key: str = "",
    by: InstitutionKey,
) -> InstitutionCall:
    """Write the call down; where this fails, nothing is answered."""
    return InstitutionCall.objects.create(
        key=by,
        institution_code=by.institution_code,
        area_id=by.area_id,
        what=what,
        status=status,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        subject_key=subject_key,
    )


def done_before(*, idempotency_key: str, fingerprint: str, by: InstitutionKey) -> str | None:
    """What the deed under this key made, if it was done. Call inside its transaction: the same key at once waits."""
    with connection.cursor() as cursor:
        lock = f"organization.calls:{by.institution_code}:{idempotency_key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [lock])
    found = InstitutionCall.objects.filter(
        institution_code=by.institution_code, idempotency_key=idempotency_key
    ).first()
    if found is None:
        return None
    if found.fingerprint != fingerprint:
        raise BusinessError("api.key_reused", "这个 Idempotency-Key 已用于另一份内容，请换一个新的键。")
    return found.subject_key


def fingerprint_of(content: bytes) -> str:
    """By which the same content is known again."""
    return hashlib.sha256(content).hexdigest()

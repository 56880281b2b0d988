"""Keys by which an institution's systems speak to us: issued once in clear, kept as a digest, revoked at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.models import InstitutionKey
from bureau.organization.selectors import scope
from bureau.organization.services.permits import check_may
from bureau.organization.terms import Duty
from bureau.trail.services import actions

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff

MARK = "ybk"
LIFE = timedelta(days=365)
# Time for an institution to put the new key in before the old one ends.
OVERLAP = timedelta(days=7)


class Issued(NamedTuple):
    """A new key and its clear text, which nobody can show again."""

    key: InstitutionKey
    text: str


@transaction.atomic
def issue(*, institution_code: str, area_code: str, by: Staff | None) -> Issued:
    """A new key; those that are in force end after the overlap, and of those the eldest ends now."""
    _check(by, area_code)
    now = timezone.now()
    held = list(_in_force(institution_code).select_for_update().order_by("-id"))
    for place, old in enumerate(held):
        # At most two are in force: the new one and the one before it.
        old.ends_at = min(old.ends_at, now + OVERLAP if place == 0 else now)
        old.save(update_fields=["ends_at"])
    prefix, rest = secrets.token_hex(4), secrets.token_urlsafe(32)
    text = f"{MARK}_{prefix}_{rest}"
    key = InstitutionKey.objects.create(
        institution_code=institution_code,
        area_id=area_code,
        prefix=prefix,
        digest=_digest(text),
        issued_by=by,
        ends_at=now + LIFE,
    )
    until = f"，旧密钥 {OVERLAP.days} 日后失效" if held else ""
    _record(key, "issued", f"签发机构 {institution_code} 的接口密钥 {prefix}{until}。", by)
    return Issued(key, text)


@transaction.atomic
def revoke(key: InstitutionKey, *, reason: str, by: Staff | None) -> InstitutionKey:
    """End a key with the next call; what is over stays so."""
    key = InstitutionKey.objects.select_for_update().get(pk=key.pk)
    _check(by, key.area_id)
    if key.revoked_at is not None:
        return key
    if not reason.strip():
        raise BusinessError("organization.reason", "吊销密钥须写明原因。")
    key.revoked_at, key.reason = timezone.now(), reason.strip()[:200]
    key.save(update_fields=["revoked_at", "reason"])
    _record(key, "revoked", f"吊销机构 {key.institution_code} 的接口密钥 {key.prefix}：{key.reason}"[:400], by)
    return key


def authenticate(text: str) -> InstitutionKey | None:
    """The key in force whose text this is; it speaks for its own institution code and nobody else's."""
    mark, _, rest = text.partition("_")
    prefix = rest.partition("_")[0]
    if mark != MARK or len(prefix) != 8 or not text.isascii() or "\0" in text or len(text) > 100:
        return None
    key = InstitutionKey.objects.filter(prefix=prefix).first()
    same = hmac.compare_digest(key.digest if key else "0" * 64, _digest(text))
    if key is None or not same or key.revoked_at is not None or key.ends_at <= timezone.now():
        return None
    return key


def _in_force(institution_code: str) -> QuerySet[InstitutionKey]:
    return InstitutionKey.objects.filter(
        institution_code=institution_code, revoked_at__isnull=True, ends_at__gt=timezone.now()
    )


def _digest(text: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(text.encode()).hexdigest()


def _check(by: Staff | None, area_code: str) -> None:
    check_may(by, Duty.INSTITUTIONS)
    if by is not None and not scope.covers(by, area_code):
        raise BusinessError("organization.key_elsewhere", "该机构不在您的办理范围内，请由其所在区县办理。")


def _record(key: InstitutionKey, verb: str, summary: str, by: Staff | None) -> None:
    actions.record(
        action=f"organization.key.{verb}",
        subject_kind="organization.institutionkey",
        subject_key=str(key.pk),
        summary=summary,
        area_code=key.area_id,
        by=by,
    )

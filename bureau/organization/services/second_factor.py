"""The second factor: time-based one-time passwords (RFC 6238), each accepted once.

The secret is derived from the seed beside the person and a key that is not in the database, so a dump opens no door.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import timedelta

import pyotp
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.models import SecondFactor, Staff
from bureau.organization.services import sign_in, tallies
from bureau.organization.services.permits import check_may
from bureau.organization.terms import Duty
from bureau.trail.services import actions

ISSUER = "医疗保障经办"
STEP = 30
# A clock may be half a minute off, either way.
DRIFT = 1
WRONG_CODES = 5
PAUSE = timedelta(minutes=15)


def new_seed() -> str:
    """The random half of a secret that is not enrolled yet."""
    return secrets.token_hex(32)


def secret_of(staff: Staff, seed: str) -> str:
    """The secret as an authenticator takes it: 160 bits in base 32."""
    key = str(settings.SECOND_FACTOR_KEY).encode()
    digest = hmac.digest(key, f"{staff.pk}:{seed}".encode(), "sha256")
    return base64.b32encode(digest[:20]).decode()


def address_of(staff: Staff, seed: str) -> str:
    """The otpauth address that the picture on the enrollment page holds."""
    return pyotp.TOTP(secret_of(staff, seed)).provisioning_uri(name=staff.username, issuer_name=ISSUER)


def is_enrolled(staff: Staff) -> bool:
    return SecondFactor.objects.filter(staff=staff).exists()


def enroll(staff: Staff, *, seed: str, code: str) -> None:
    """Bind the authenticator that shows this code; who has one already needs the security administrator first."""
    _count(staff)
    step = _step_of(staff, seed, code, after=0)
    if step is None:
        raise _wrong()
    try:
        with transaction.atomic():
            SecondFactor.objects.create(staff=staff, seed=seed, last_step=step)
            _record(staff, "second_factor_enrolled", f"{staff}绑定二次验证。", staff)
    except IntegrityError as error:
        raise BusinessError(
            "organization.second_factor_held", "已绑定二次验证；更换设备，请先由安全管理员解除。"
        ) from error
    tallies.forget(sign_in.code_key(staff))


def verify(staff: Staff, *, code: str) -> None:
    """Accept a code of the enrolled authenticator once; refuse a wrong, used or over-often guessed one."""
    _count(staff)
    held = SecondFactor.objects.filter(staff=staff).first()
    step = held and _step_of(staff, held.seed, code, after=held.last_step)
    # Of two that bring the same code at once, one finds the step taken.
    if not step or not SecondFactor.objects.filter(staff=staff, last_step__lt=step).update(last_step=step):
        raise _wrong()
    tallies.forget(sign_in.code_key(staff))


@transaction.atomic
def reset(staff: Staff, *, reason: str, by: Staff | None) -> bool:
    """Take a lost authenticator away and end all sessions; the next sign-in enrolls anew. False: none was held."""
    check_may(by, Duty.SECURITY, about=staff)
    if not reason.strip():
        raise BusinessError("organization.reason", "解除二次验证须写明原因。")
    if not SecondFactor.objects.filter(staff=staff).delete()[0]:
        return False
    Staff.objects.filter(pk=staff.pk).update(sessions_from=timezone.now())
    tallies.forget(sign_in.code_key(staff))
    _record(staff, "second_factor_reset", f"解除{staff}的二次验证：{reason.strip()}"[:400], by)
    return True


def _count(staff: Staff) -> None:
    if tallies.take(sign_in.code_key(staff), most=WRONG_CODES, within=PAUSE).is_over:
        raise BusinessError("organization.sign_in_paused", sign_in.SENTENCE)


def _step_of(staff: Staff, seed: str, code: str, *, after: int) -> int | None:
    """The time step whose code this is; every candidate is compared, so that time tells nothing."""
    clock = pyotp.TOTP(secret_of(staff, seed))
    now = int(timezone.now().timestamp()) // STEP
    steps = range(now - DRIFT, now + DRIFT + 1)
    fitting = [step for step in steps if hmac.compare_digest(clock.generate_otp(step).encode(), code.encode())]
    return next((step for step in fitting if step > after), None)


def _wrong() -> BusinessError:
    return BusinessError("organization.code", "验证码不对或已用过，请等下一个验证码出现后再填。")


def _record(staff: Staff, verb: str, summary: str, by: Staff | None) -> None:
    actions.record(
        action=f"organization.staff.{verb}",
        subject_kind="organization.staff",
        subject_key=str(staff.pk),
        summary=summary,
        area_code=staff.area_id or "",
        by=by,
    )

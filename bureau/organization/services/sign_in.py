"""The pause after failed sign-ins: five per user name, thirty per address, then a quarter of an hour.

A name that does not exist is counted like any other, so that a pause tells nobody which names there are. Names and
addresses are kept as keyed hashes, since a password is sometimes typed into the wrong box.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import salted_hmac

from bureau.kernel.errors import BusinessError
from bureau.organization.services import tallies
from bureau.organization.services.permits import check_may
from bureau.organization.terms import Duty
from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff

FAILURES_OF_A_NAME = 5
# Behind one address there may be a whole office.
FAILURES_FROM_AN_ADDRESS = 30
PAUSE = timedelta(minutes=15)
SENTENCE = "登录失败次数过多，请 15 分钟后再试；急需办理业务，请联系安全管理员解除。"


def knock(*, username: str, address: str) -> bool:
    """Count an attempt before its password is looked at; refused in a pause. Whether it is the last one allowed."""
    from_there = tallies.take(_address_key(address), most=FAILURES_FROM_AN_ADDRESS, within=PAUSE)
    of_name = tallies.take(name_key(username), most=FAILURES_OF_A_NAME, within=PAUSE)
    if from_there.is_over or of_name.is_over:
        raise BusinessError("organization.sign_in_paused", SENTENCE)
    return 0 in (of_name.left, from_there.left)


def welcome(*, username: str, address: str) -> None:
    """The password was right: the name starts from nought, the address gets its attempt back."""
    tallies.forget(name_key(username))
    tallies.give_back(_address_key(address))


@transaction.atomic
def release(staff: Staff, *, reason: str, by: Staff | None) -> bool:
    """End the pause of an account early; False when there was none."""
    check_may(by, Duty.SECURITY, about=staff)
    if not reason.strip():
        raise BusinessError("organization.reason", "解除登录暂停须写明原因。")
    if not tallies.forget(name_key(staff.username), code_key(staff)):
        return False
    actions.record(
        action="organization.staff.pause_ended",
        subject_kind="organization.staff",
        subject_key=str(staff.pk),
        summary=f"解除{staff}的登录暂停：{reason.strip()}"[:400],
        area_code=staff.area_id or "",
        by=by,
    )
    return True


def name_key(username: str) -> str:
    return f"sign-in:name:{hashed(username)}"


def code_key(staff: Staff) -> str:
    return f"sign-in:code:{staff.pk}"


def _address_key(address: str) -> str:
    return f"sign-in:address:{hashed(address)}"


def hashed(text: str) -> str:
    """What was typed or where from, so that it can be counted and not read."""
    return salted_hmac("bureau.organization.sign_in", text, algorithm="sha256").hexdigest()[:40]

"""Staff and their duties: appoint, add and withdraw a duty, transfer, suspend, reinstate. What is so already stays."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Area, DutyAssignment, Office, Staff
from bureau.organization.rules import duties as rules
from bureau.organization.services import passwords
from bureau.organization.services.permits import check_may, check_reaches
from bureau.organization.terms import Duty
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable

# How long a password that was issued opens the door.
INITIAL_LIFE = timedelta(days=7)


@transaction.atomic
def appoint(
    *,
    username: str,
    full_name: str,
    area_code: str,
    office: Office | None = None,
    duties: Iterable[Duty] = (),
    password: str = "",
    since: date | None = None,
    by: Staff | None,
) -> Staff:
    """A new member of staff; a known one of that name and area keeps his password and gets the duties he lacks.

    Only the installation brings a password along; other accounts have none until one is issued.
    """
    check_may(by, Duty.SYSTEM)
    staff = Staff.objects.select_for_update(of=("self",)).filter(username=username).first()
    if staff is None:
        staff = _create(username, full_name, area_code, office, password, by)
    elif (staff.full_name, staff.area_id, staff.office_id) != (full_name, area_code, office.pk if office else None):
        raise BusinessError("organization.username_taken", f"用户名“{username}”已由{staff}使用，请另取一个。")

    for duty in duties:
        add_duty(staff, duty=duty, since=since, by=by)
    return staff


def _create(
    username: str, full_name: str, area_code: str, office: Office | None, password: str, by: Staff | None
) -> Staff:
    _check_place(area_code, office)
    check_reaches(by, area_code)
    staff = Staff(username=username, full_name=full_name, area_id=area_code, office=office, is_staff=True)
    if by is None and password:
        _set_password(staff, password)
    else:
        staff.set_unusable_password()
    try:
        staff.clean_fields(exclude=["password"])
    except ValidationError as error:
        raise BusinessError("organization.username", f"用户名或姓名不合规：{'；'.join(error.messages)}") from error
    staff.save()
    _record(staff, "appointed", f"任用{staff}（{username}）。", by)
    return staff


@transaction.atomic
def add_duty(staff: Staff, *, duty: Duty, since: date | None = None, by: Staff | None) -> DutyAssignment:
    """Give a duty from a day (today) on; refused beside a duty that must not check itself."""
    check_may(by, Duty.SECURITY, about=staff)
    first_day = since or timezone.localdate()
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    ahead = list(DutyAssignment.objects.filter(_lasts_beyond(first_day), staff=staff))
    same = next((held for held in ahead if held.duty == duty), None)
    if same is not None and same.valid_from <= first_day and same.valid_until is None:
        return same
    if same is not None:
        raise BusinessError("organization.duty_planned", f"{staff}的{duty.label}任职已有起止日期，请先免去再任。")
    against = rules.conflicts(duty, [Duty(held.duty) for held in ahead])
    if against:
        others = "、".join(other.label for other in against)
        raise BusinessError("organization.duties_separate", f"{staff}已任{others}，与{duty.label}不相容，不能兼任。")

    assignment = DutyAssignment.objects.create(staff=staff, duty=duty.value, valid_from=first_day)

    _record(staff, "duty_added", f"{staff}自 {first_day} 起任{duty.label}。", by, duty=duty.value, since=str(first_day))
    return assignment


@transaction.atomic
def withdraw_duty(staff: Staff, *, duty: Duty, until: date | None = None, by: Staff | None) -> None:
    """Take a duty away: `until` (today) is the first day without it. Not held then: nothing happens."""
    check_may(by, Duty.SECURITY, about=staff)
    end = until or timezone.localdate()
    held = DutyAssignment.objects.select_for_update().filter(_lasts_beyond(end), staff=staff, duty=duty.value).first()
    if held is None:
        return

    if held.valid_from >= end:
        # Not one whole day of it: the log keeps what happened.
        held.delete()
    else:
        held.valid_until = end
        held.save(update_fields=["valid_until"])

    _record(staff, "duty_withdrawn", f"{staff}自 {end} 起不再任{duty.label}。", by, duty=duty.value, until=str(end))


@transaction.atomic
def transfer(staff: Staff, *, area_code: str, office: Office | None = None, by: Staff | None) -> Staff:
    """Move to another area or office; the duties stay."""
    check_may(by, Duty.SYSTEM, about=staff)
    _check_place(area_code, office)
    check_reaches(by, area_code)
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if (staff.area_id, staff.office_id) == (area_code, office.pk if office else None):
        return staff

    before = staff.area_id
    staff.area_id = area_code
    staff.office = office
    staff.save(update_fields=["area", "office"])

    _record(staff, "transferred", f"{staff}调至{office or staff.area}。", by, before=before, after=area_code)
    return staff


@transaction.atomic
def rename(staff: Staff, *, full_name: str, by: Staff | None) -> Staff:
    """Correct a name."""
    check_may(by, Duty.SYSTEM, about=staff)
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if staff.full_name == full_name:
        return staff
    before = staff.full_name
    staff.full_name = full_name
    staff.save(update_fields=["full_name"])
    _record(staff, "renamed", f"{before}更名为{full_name}。", by)
    return staff


@transaction.atomic
def suspend(staff: Staff, *, reason: str, by: Staff | None) -> Staff:
    """Close the account; open sessions end with the next click."""
    check_may(by, Duty.SYSTEM, about=staff)
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if not staff.is_active:
        return staff
    if not reason.strip():
        raise BusinessError("organization.reason", "停用账号须写明原因。")
    staff.is_active = False
    # What was open stays ended, also when the account comes back.
    staff.sessions_from = timezone.now()
    staff.save(update_fields=["is_active", "sessions_from"])
    _record(staff, "suspended", f"停用{staff}的账号：{reason.strip()}"[:400], by)
    return staff


@transaction.atomic
def reinstate(staff: Staff, *, by: Staff | None) -> Staff:
    """Open a suspended account again."""
    check_may(by, Duty.SYSTEM, about=staff)
    staff = Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if staff.is_active:
        return staff
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    _record(staff, "reinstated", f"恢复{staff}的账号。", by)
    return staff


@transaction.atomic
def end_sessions(staff: Staff, *, reason: str, by: Staff | None) -> None:
    """End every session of an account with its next click, for a lost telephone or a suspicion."""
    check_may(by, Duty.SECURITY, about=staff)
    if not reason.strip():
        raise BusinessError("organization.reason", "结束登录须写明原因。")
    Staff.objects.filter(pk=staff.pk).update(sessions_from=timezone.now())
    _record(staff, "sessions_ended", f"结束{staff}的全部登录：{reason.strip()}"[:400], by)


@transaction.atomic
def issue_password(staff: Staff, *, by: Staff | None) -> str:
    """A random password to come in with and to be replaced at once; returned once, and known to nobody who chose it."""
    check_may(by, Duty.SYSTEM, about=staff)
    word = passwords.initial()
    staff.set_password(word)
    staff.initial_until = timezone.now() + INITIAL_LIFE
    staff.sessions_from = timezone.now()
    staff.save(update_fields=["password", "initial_until", "sessions_from"])
    _record(staff, "password_issued", f"为{staff}生成初始密码，{INITIAL_LIFE.days} 天内有效。", by)
    return word


@transaction.atomic
def set_password(staff: Staff, *, password: str, by: Staff | None) -> None:
    """A new password of one's own, or by the installation; all other sessions end. Nobody chooses another's."""
    if by is not None and by.pk != staff.pk:
        raise BusinessError("organization.password_of_another", "密码只能由本人设定；遗忘的，由系统管理员重新生成。")
    if staff.check_password(password):
        raise BusinessError("organization.password_kept", "新密码不能与现在的密码相同。")
    _set_password(staff, password)
    staff.initial_until = None
    staff.save(update_fields=["password", "initial_until"])
    _record(staff, "password_set", f"{staff}修改密码。" if by else f"重设{staff}的密码。", by)


def _set_password(staff: Staff, password: str) -> None:
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise BusinessError("organization.password", "".join(error.messages)) from error
    staff.set_password(password)


def _check_place(area_code: str, office: Office | None) -> None:
    if not Area.objects.filter(pk=area_code).exists():
        raise BusinessError("organization.area_unknown", f"没有代码为 {area_code} 的区划，请先载入区划。")
    if office is not None and office.area_id != area_code:
        raise BusinessError("organization.office_elsewhere", f"“{office}”不在所选区划，请选本区划的科室窗口。")


def _lasts_beyond(day: date) -> Q:
    return Q(valid_until__isnull=True) | Q(valid_until__gt=day)


def _record(staff: Staff, verb: str, summary: str, by: Staff | None, **detail: Any) -> None:
    actions.record(
        action=f"organization.staff.{verb}",
        subject_kind="organization.staff",
        subject_key=str(staff.pk),
        summary=summary,
        detail=detail,
        area_code=staff.area_id or "",
        by=by,
    )

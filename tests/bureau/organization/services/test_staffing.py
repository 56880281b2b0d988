"""Appointing, moving and suspending staff on a real database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.models import DutyAssignment, SecondFactor, Staff
from bureau.organization.selectors.staff import duties_of, has_duty
from bureau.organization.services import offices, second_factor, staffing
from bureau.organization.terms import Duty, OfficeKind
from bureau.trail.models import ActionLog
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, areas

pytestmark = pytest.mark.django_db
GOOD = "a-good-pass-phrase"


def appointed(username: str = "lin", *duties: Duty, by: Staff | None = None) -> Staff:
    areas()
    return staffing.appoint(
        username=username, full_name="林知夏", area_code=YOUXIAN, duties=duties, password=GOOD, by=by
    )


def test_the_installation_appoints_with_office_duties_and_password() -> None:
    areas()
    window = offices.load([(YOUXIAN, "经办窗口", OfficeKind.AGENCY)], by=None)[YOUXIAN, "经办窗口"]

    staff = staffing.appoint(
        username="lin",
        full_name="林知夏",
        area_code=YOUXIAN,
        office=window,
        duties=[Duty.COUNTER, Duty.RELIEF],
        password=GOOD,
        since=date(2023, 1, 1),
        by=None,
    )

    assert staff.check_password(GOOD)
    assert staff.office == window
    assert duties_of(staff, on=date(2023, 1, 1)) == {"counter", "relief"}
    assert duties_of(staff, on=date(2022, 12, 31)) == set()


def test_appointing_again_changes_nothing() -> None:
    first = appointed("lin", Duty.COUNTER)
    logged = ActionLog.objects.count()

    again = appointed("lin", Duty.COUNTER)

    assert again.pk == first.pk
    assert ActionLog.objects.count() == logged


def test_a_username_of_somebody_else_is_refused() -> None:
    appointed("lin")

    with pytest.raises(BusinessError, match=r"organization\.username_taken"):
        staffing.appoint(username="lin", full_name="周以宁", area_code=YOUXIAN, password=GOOD, by=None)


def test_a_weak_password_is_refused_in_chinese() -> None:
    areas()

    with pytest.raises(BusinessError, match="密码") as refusal:
        staffing.appoint(username="lin", full_name="林知夏", area_code=YOUXIAN, password="12345678", by=None)

    assert refusal.value.code == "organization.password"


def test_incompatible_duties_do_not_meet_in_one_person() -> None:
    staff = appointed("lin", Duty.RELIEF)

    with pytest.raises(BusinessError, match="救助经办，与救助复核不相容"):
        staffing.add_duty(staff, duty=Duty.RELIEF_CHECK, by=None)


def test_a_duty_follows_when_the_other_has_ended() -> None:
    staff = appointed("lin")
    staffing.add_duty(staff, duty=Duty.RELIEF, since=date(2023, 1, 1), by=None)
    staffing.withdraw_duty(staff, duty=Duty.RELIEF, until=date(2023, 5, 1), by=None)

    staffing.add_duty(staff, duty=Duty.RELIEF_CHECK, since=date(2023, 5, 1), by=None)

    assert has_duty(staff, Duty.RELIEF, on=date(2023, 4, 30))
    assert duties_of(staff, on=date(2023, 5, 1)) == {"relief_check"}


def test_withdrawing_twice_logs_once() -> None:
    staff = appointed("lin")
    staffing.add_duty(staff, duty=Duty.COUNTER, since=date(2023, 1, 1), by=None)

    for _ in range(2):
        staffing.withdraw_duty(staff, duty=Duty.COUNTER, until=date(2023, 6, 1), by=None)

    assert DutyAssignment.objects.get(staff=staff).valid_until == date(2023, 6, 1)
    assert ActionLog.objects.filter(action="organization.staff.duty_withdrawn").count() == 1


def test_people_and_duties_are_kept_by_two_administrators_and_never_ones_own() -> None:
    system, security = a_clerk("admin", Duty.SYSTEM), a_clerk("security", Duty.SECURITY)
    staff = appointed("lin", by=system)

    with pytest.raises(BusinessError, match="安全管理员"):
        staffing.add_duty(staff, duty=Duty.COUNTER, by=system)
    with pytest.raises(BusinessError, match=r"organization\.own_account"):
        staffing.add_duty(security, duty=Duty.FINANCE, by=security)
    staffing.add_duty(staff, duty=Duty.COUNTER, by=security)

    assert has_duty(staff, Duty.COUNTER)


def test_a_transfer_keeps_duties_and_refuses_an_office_elsewhere() -> None:
    staff = appointed("lin", Duty.COUNTER)
    window = offices.load([(JIANGYOU, "江油窗口", OfficeKind.AGENCY)], by=None)[JIANGYOU, "江油窗口"]

    with pytest.raises(BusinessError, match=r"organization\.office_elsewhere"):
        staffing.transfer(staff, area_code=YOUXIAN, office=window, by=None)
    moved = staffing.transfer(staff, area_code=JIANGYOU, office=window, by=None)

    assert moved.area_id == JIANGYOU
    assert has_duty(moved, Duty.COUNTER)


def test_a_suspended_account_opens_again() -> None:
    staff = appointed("lin")

    with pytest.raises(BusinessError, match=r"organization\.reason"):
        staffing.suspend(staff, reason=" ", by=None)
    assert not staffing.suspend(staff, reason="借调外单位", by=None).is_active
    assert staffing.reinstate(staff, by=None).is_active


def test_nobody_appoints_moves_or_names_people_beyond_the_own_area() -> None:
    system, security = a_clerk("county-system", Duty.SYSTEM), a_clerk("county-security", Duty.SECURITY)
    own, foreign = a_clerk("own"), a_clerk("foreign", area_code=JIANGYOU)

    for deed in (
        lambda: staffing.appoint(username="mole", full_name="新", area_code="510700", by=system),
        lambda: staffing.transfer(own, area_code="510700", by=system),
        lambda: staffing.transfer(foreign, area_code=YOUXIAN, by=system),
        lambda: staffing.add_duty(foreign, duty=Duty.COUNTER, by=security),
    ):
        with pytest.raises(BusinessError) as refused:
            deed()
        assert refused.value.code == "organization.other_area"


class TestIssuedPasswords:
    def test_they_are_random_follow_the_rules_and_last_a_week(self) -> None:
        staff, system = a_clerk("lin"), a_clerk("county-system", Duty.SYSTEM)

        words = {staffing.issue_password(staff, by=system) for _ in range(20)}

        assert len(words) == 20
        for word in words:
            validate_password(word, staff)
        staff.refresh_from_db()
        assert timedelta(days=6) < staff.initial_until - timezone.now() <= timedelta(days=7)
        assert not any(word in line.summary for line in ActionLog.objects.all() for word in words)

    def test_nobody_sets_the_password_of_another(self) -> None:
        staff, system = a_clerk("lin"), a_clerk("county-system", Duty.SYSTEM)

        with pytest.raises(BusinessError, match=r"organization\.password_of_another"):
            staffing.set_password(staff, password=GOOD, by=system)

    def test_nobody_issues_one_to_himself_or_beyond_the_own_area(self) -> None:
        system = a_clerk("county-system", Duty.SYSTEM)

        with pytest.raises(BusinessError, match=r"organization\.own_account"):
            staffing.issue_password(system, by=system)
        with pytest.raises(BusinessError, match=r"organization\.other_area"):
            staffing.issue_password(a_clerk("foreign", area_code=JIANGYOU), by=system)
        with pytest.raises(BusinessError, match=r"organization\.duty"):
            staffing.issue_password(system, by=a_clerk("guard", Duty.SECURITY))

    def test_it_does_not_stay(self) -> None:
        staff = a_clerk("lin")
        word = staffing.issue_password(staff, by=None)

        with pytest.raises(BusinessError, match=r"organization\.password_kept"):
            staffing.set_password(staff, password=word, by=staff)
        staffing.set_password(staff, password=GOOD, by=staff)

        staff.refresh_from_db()
        assert staff.initial_until is None and staff.check_password(GOOD)

    def test_the_second_factor_is_still_asked_for(self) -> None:
        staff = a_clerk("lin")
        SecondFactor.objects.create(staff=staff, seed="0" * 64, last_step=1)

        staffing.issue_password(staff, by=a_clerk("county-system", Duty.SYSTEM))

        assert second_factor.is_enrolled(staff)

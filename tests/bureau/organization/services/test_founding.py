"""An empty database becomes a city with three administrators, once."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from bureau import walls
from bureau.kernel.errors import BusinessError
from bureau.organization.models import Area, DutyAssignment, Staff
from bureau.organization.services import founding, staffing
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog

pytestmark = pytest.mark.django_db

THREE = {
    Duty.SYSTEM: ("chen", "陈一"),
    Duty.SECURITY: ("liu", "刘二"),
    Duty.TRAIL: ("zhao", "赵三"),
}
ASKED = [
    "found_bureau", "--city", "510700", "绵阳市",
    "--system", "chen", "陈一", "--security", "liu", "刘二", "--trail", "zhao", "赵三",
]  # fmt: skip


@pytest.fixture(autouse=True)
def nobody_yet() -> None:
    Staff.objects.all().delete()
    assert not Staff.objects.exists()


def test_three_people_come_in_with_passwords_that_are_replaced_first() -> None:
    out = io.StringIO()
    call_command(*ASKED, stdout=out)

    held = DutyAssignment.objects.values_list("staff__username", "staff__full_name", "staff__area_id", "duty")
    assert sorted(held) == [
        ("chen", "陈一", "510700", "system"),
        ("liu", "刘二", "510700", "security"),
        ("zhao", "赵三", "510700", "trail"),
    ]
    words = dict(re.findall(r"\t(chen|liu|zhao)\t([a-z2-9-]{34})\n", out.getvalue()))
    assert len(set(words.values())) == 3
    client = Client()
    answer = client.post("/login/", {"username": "chen", "password": words["chen"]}, follow=True)
    assert "请先设置自己的密码" in answer.content.decode()
    assert not any(
        word in line for word in words.values() for line in ActionLog.objects.values_list("summary", flat=True)
    )


def test_from_there_the_two_appoint_the_first_clerk() -> None:
    founding.found(city_code="510700", city_name="绵阳市", administrators=THREE)
    system, security = Staff.objects.get(username="chen"), Staff.objects.get(username="liu")

    with walls.as_staff(system):
        clerk = staffing.appoint(username="lin", full_name="林知夏", area_code="510700", by=system)
    with walls.as_staff(security):
        staffing.add_duty(clerk, duty=Duty.COUNTER, by=security)

    assert DutyAssignment.objects.get(staff=clerk).duty == "counter"


def test_where_somebody_is_nothing_is_founded_anew() -> None:
    call_command(*ASKED, stdout=io.StringIO())
    before = Staff.objects.count(), Area.objects.count(), ActionLog.objects.count()

    with pytest.raises(CommandError, match="已有工作人员"):
        call_command(*ASKED, stdout=io.StringIO())

    assert (Staff.objects.count(), Area.objects.count(), ActionLog.objects.count()) == before


def test_one_person_is_not_two_administrators() -> None:
    with pytest.raises(BusinessError, match="须为三个人"):
        founding.found(city_code="510700", city_name="绵阳市", administrators={**THREE, Duty.TRAIL: ("chen", "陈一")})
    assert not Staff.objects.exists()


def test_a_code_that_is_no_citys_founds_nothing() -> None:
    with pytest.raises(BusinessError, match="与层级不符"):
        founding.found(city_code="5107", city_name="绵阳市", administrators=THREE)
    assert not Staff.objects.exists()

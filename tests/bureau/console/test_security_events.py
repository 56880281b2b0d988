"""What tries a lock stands in the action log, and nobody can fill the log with it."""

from __future__ import annotations

import io
import logging
import time
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from django.test import Client

from bureau.console import limits, security_events, waiting
from bureau.logs import Scrubbing
from bureau.organization.models import Staff
from bureau.organization.services import second_factor
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories.people import JIANGYOU, a_clerk, a_person, an_id_number

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-pass-phrase"


@pytest.fixture
def clerk() -> Staff:
    staff = a_clerk("clerk-trying", Duty.COUNTER)
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def inside(staff: Staff) -> Client:
    client = Client(REMOTE_ADDR="10.2.3.4")
    client.force_login(staff)
    return client


def lines(action: str) -> list[ActionLog]:
    return list(ActionLog.objects.filter(action=action).order_by("id"))


class TestRefusedAccess:
    def test_a_page_of_another_duty_leaves_a_line_with_who_what_and_from_where(self, clerk: Staff) -> None:
        assert inside(clerk).get("/accounts/").status_code == 403

        [line] = lines("portal.refused")
        assert (line.by, line.area_code, line.subject_key) == (clerk, clerk.area_id, "portal:accounts")
        assert line.summary == "没有权限，已拒绝：GET /accounts/"
        assert line.detail == {"address": "10.2.3.4"}

    def test_so_does_a_record_of_another_county(self, clerk: Staff) -> None:
        stranger = a_person(area_code=JIANGYOU, by=a_clerk("clerk-there", area_code=JIANGYOU))

        assert inside(clerk).get(f"/people/{stranger.pk}/").status_code == 404

        assert [line.summary for line in lines("portal.refused")] == [
            f"没有找到，或不在管辖范围内：GET /people/{stranger.pk}/"
        ]

    def test_so_does_a_row_of_a_table(self, clerk: Staff) -> None:
        stranger = a_person(area_code=JIANGYOU, by=a_clerk("clerk-there", area_code=JIANGYOU))
        address = f"/admin/enrollment/person/{stranger.pk}/change/"

        assert inside(clerk).get(address).status_code == 302

        assert [line.summary for line in lines("portal.refused")] == [f"没有找到，或不在管辖范围内：GET {address}"]

    def test_so_does_a_form_without_its_token(self, clerk: Staff) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(clerk)

        assert client.post("/search/", {"q": "张"}).status_code == 403

        assert [line.summary for line in lines("portal.refused")] == ["没有权限，已拒绝：POST /search/"]

    def test_a_number_of_a_person_in_the_address_is_masked(self, clerk: Staff) -> None:
        number = an_id_number()

        inside(clerk).get(f"/people/{number}/")

        assert number not in " ".join(line.summary for line in lines("portal.refused"))

    def test_whoever_tries_on_and_on_leaves_thirty_one(self, clerk: Staff) -> None:
        client = inside(clerk)

        for _ in range(40):
            client.get("/accounts/")

        written = lines("portal.refused")
        assert len(written) == security_events.LINES + 1 == 31
        assert written[-1].summary == "一小时内被拒绝已满 30 次，其后不再逐条记录"

    def test_the_security_administrator_is_told(self, clerk: Staff) -> None:
        inside(clerk).get("/accounts/")
        guard = inside(a_clerk("guard", Duty.SECURITY))

        assert "次越权访问被拒（近 24 小时）" in guard.get("/").content.decode()
        shown = guard.get("/admin/trail/actionlog/?of=portal.refused").content.decode()
        assert "没有权限，已拒绝：GET /accounts/" in shown and "登录系统" not in shown.partition("<tbody>")[2]


class TestAuthentication:
    def test_coming_in_says_by_which_factors_and_from_where(self, clerk: Staff, settings: Any) -> None:
        client = Client(REMOTE_ADDR="10.2.3.4")
        client.post("/login/", {"username": "clerk-trying", "password": PASSWORD})

        assert lines("portal.signed_in")[0].detail == {"address": "10.2.3.4", "factors": "密码"}

    def test_a_wrong_password_and_the_pause_after_the_fifth(self, clerk: Staff) -> None:
        for _ in range(7):
            Client(REMOTE_ADDR="10.2.3.4").post("/login/", {"username": "clerk-trying", "password": "wrong"})

        assert [line.detail for line in lines("portal.sign_in_failed")] == [{"address": "10.2.3.4"}] * 5
        assert [line.by for line in lines("portal.sign_in_paused")] == [clerk]

    def test_a_wrong_code_after_the_right_password(self, clerk: Staff, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        seed = second_factor.new_seed()
        clock = pyotp.TOTP(second_factor.secret_of(clerk, seed))
        step = int(time.time()) // 30
        second_factor.enroll(clerk, seed=seed, code=clock.generate_otp(step - 1))
        client = Client()
        client.post("/login/", {"username": "clerk-trying", "password": PASSWORD})

        assert [line.by for line in lines("portal.password_accepted")] == [clerk]
        client.post("/login/code/", {"code": clock.generate_otp(step + 50)})
        assert [line.by for line in lines("portal.code_refused")] == [clerk]
        client.post("/login/code/", {"code": clock.generate_otp(step)})

        assert len(lines("portal.code_refused")) == 1
        assert lines("portal.signed_in")[0].detail["factors"] == "密码、验证码"

    def test_a_wrong_key_of_an_institution(self) -> None:
        answer = Client(REMOTE_ADDR="10.2.3.4").get(
            "/api/v1/statements", headers={"authorization": "Bearer ybk_00000000_nothing"}
        )

        assert answer.status_code == 401
        assert [line.detail for line in lines("portal.key_refused")] == [{"address": "10.2.3.4"}]


def test_a_limit_that_is_used_up_leaves_one_line(clerk: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(limits._SENT, "portal:search", replace(limits.SEARCH, most=3))
    client = inside(clerk)

    for _ in range(6):
        client.post("/search/", {"q": "张"})

    [line] = lines("portal.limit_reached")
    assert (line.by, line.detail["limit"]) == (clerk, "search")


def test_an_error_of_ours_leaves_its_traceback(clerk: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Scrubbing("{levelname} {message}", style="{"))
    logger = logging.getLogger("django.request")
    monkeypatch.setattr(logger, "handlers", [*logger.handlers, handler])
    number = an_id_number()

    def fails(*_: Any) -> None:
        raise RuntimeError(f"unforeseen, of {number}")

    monkeypatch.setattr(waiting, "for_request", fails)
    client = Client(raise_request_exception=False)
    client.force_login(clerk)

    answer = client.get("/")

    assert answer.status_code == 500 and "unforeseen" not in answer.content.decode()
    assert "ERROR Internal Server Error: /" in written.getvalue() and "RuntimeError: unforeseen" in written.getvalue()
    assert number not in written.getvalue()

"""Where one is signed in, how many places at once, and what proves again who one is."""

from __future__ import annotations

import time
from typing import Any

import pyotp
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from bureau.console import sessions
from bureau.organization.models import OpenSession, Staff
from bureau.organization.services import second_factor, staffing
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db

OLD, NEW = "an-old-pass-phrase", "a-newer-pass-phrase"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 Edg/120.0"


@pytest.fixture
def clerk() -> Staff:
    staff = a_clerk("clerk-inside", Duty.COUNTER)
    staff.set_password(OLD)
    staff.save()
    return staff


def inside(address: str = "10.0.0.1", **extra: str) -> Client:
    client = Client(REMOTE_ADDR=address, **extra)
    client.post("/login/", {"username": "clerk-inside", "password": OLD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


class TestMySessions:
    def test_the_page_shows_each_with_place_device_and_time(self, clerk: Staff) -> None:
        inside("10.0.0.9", HTTP_USER_AGENT=EDGE)
        here = inside("10.0.0.1")

        page = here.get("/sessions/").content.decode()

        assert "10.0.0.9" in page and "Edge · Windows" in page and "10.0.0.1" in page
        assert page.count("本机</span>") == 1

    def test_nobody_sees_another_persons_and_no_page_shows_a_key(self, clerk: Staff) -> None:
        inside("10.0.0.9")
        other = Client(REMOTE_ADDR="10.0.0.2")
        other.force_login(a_clerk("clerk-other", Duty.COUNTER))

        page = other.get("/sessions/").content.decode()

        assert "10.0.0.9" not in page and "您没有在别处登录" in page
        assert not any(key in page for key in Session.objects.values_list("pk", flat=True))

    def test_one_is_ended_with_the_password_and_on_the_server(self, clerk: Staff) -> None:
        there, stays, here = inside("10.0.0.9"), inside("10.0.0.8"), inside("10.0.0.1")
        row = OpenSession.objects.get(address="10.0.0.9")
        former = here.session.session_key

        wrong = here.post("/sessions/", {"which": row.pk, "password": "wrong"})
        assert wrong.status_code == 422 and "密码不正确" in wrong.content.decode()
        assert is_in(there)
        assert ActionLog.objects.filter(action="portal.password_refused", by=clerk).count() == 1

        here.post("/sessions/", {"which": row.pk, "password": OLD})

        assert not Session.objects.filter(pk=row.session_id).exists()
        assert [is_in(client) for client in (there, stays, here)] == [False, True, True]
        assert ActionLog.objects.filter(action="portal.session_closed", by=clerk).count() == 1
        # Who has proved himself again goes on under a new key.
        assert here.session.session_key != former

    def test_all_others_are_ended_at_once(self, clerk: Staff) -> None:
        first, second, here = inside(), inside(), inside()

        here.post("/sessions/", {"which": "others", "password": OLD})

        assert [is_in(client) for client in (first, second, here)] == [False, False, True]

    def test_a_foreign_one_is_not_to_be_chosen(self, clerk: Staff) -> None:
        other = Client()
        other.force_login(a_clerk("clerk-other", Duty.COUNTER))
        foreign = OpenSession.objects.get(staff__username="clerk-other")
        inside()

        assert inside().post("/sessions/", {"which": foreign.pk, "password": OLD}).status_code == 422
        assert is_in(other)

    def test_it_forgets_what_is_signed_out_and_leaves_out_what_is_over(self, clerk: Staff) -> None:
        inside("10.0.0.9").post("/logout/")
        idle = inside("10.0.0.8")
        OpenSession.objects.filter(session_id=idle.session.session_key).update(seen_at="2023-01-01T00:00Z")

        page = inside("10.0.0.1").get("/sessions/").content.decode()

        assert "10.0.0.9" not in page and "10.0.0.8" not in page and "您没有在别处登录" in page
        assert OpenSession.objects.count() == 2

    def test_a_click_is_noted(self, clerk: Staff) -> None:
        client = inside()
        OpenSession.objects.update(seen_at="2023-01-01T00:00Z")
        session = client.session
        session[sessions.SEEN] -= 120
        session.save()

        is_in(client)

        assert OpenSession.objects.get().seen_at.year > 2023


def test_with_one_more_than_three_the_eldest_ends_and_the_newest_is_told(clerk: Staff, settings: Any) -> None:
    settings.SESSIONS_AT_ONCE = 3
    first, second, third = (inside(f"10.0.0.{number}") for number in (1, 2, 3))

    fourth = inside("10.0.0.4")

    assert "您同时登录超过 3 处，最早的一处已结束" in fourth.get("/").content.decode()
    assert [is_in(client) for client in (first, second, third, fourth)] == [False, True, True, True]
    assert "10.0.0.1" in ActionLog.objects.get(action="portal.session_pushed_out", by=clerk).summary


class TestMyPassword:
    def test_the_others_end_and_this_one_goes_on_under_a_new_key(self, clerk: Staff) -> None:
        there, here = inside("10.0.0.9"), inside("10.0.0.1")
        former = here.session.session_key

        here.post("/admin/password_change/", {"old_password": OLD, "new_password1": NEW, "new_password2": NEW})

        assert not is_in(there) and is_in(here)
        assert [row.address for row in OpenSession.objects.all()] == ["10.0.0.1"]
        assert here.session.session_key != former
        assert not Session.objects.filter(pk=former).exists()

    def test_the_present_one_is_asked_for_and_a_wrong_one_is_written_down(self, clerk: Staff) -> None:
        here = inside()
        sent = {"old_password": "wrong", "new_password1": NEW, "new_password2": NEW}

        assert "现在的密码不正确" in here.post("/admin/password_change/", sent).content.decode()
        assert "没有修改" in here.post("/admin/password_change/", sent | {"old_password": ""}).content.decode()

        clerk.refresh_from_db()
        assert clerk.check_password(OLD)
        assert ActionLog.objects.filter(action="portal.password_refused", by=clerk).count() == 1

    def test_after_five_minutes_the_code_is_asked_for_too(self, clerk: Staff, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True
        seed = second_factor.new_seed()
        clock = pyotp.TOTP(second_factor.secret_of(clerk, seed))
        step = int(time.time()) // 30
        second_factor.enroll(clerk, seed=seed, code=clock.generate_otp(step - 1))
        here = inside()
        here.post("/login/code/", {"code": clock.generate_otp(step)})
        sent = {"old_password": OLD, "new_password1": NEW, "new_password2": NEW}
        assert 'name="code"' not in here.get("/admin/password_change/").content.decode()
        session = here.session
        session[sessions.BEGAN] -= 301
        session.save()

        assert "请填写验证码" in here.post("/admin/password_change/", sent).content.decode()
        used = here.post("/admin/password_change/", sent | {"code": clock.generate_otp(step)})
        assert "验证码不对或已用过" in used.content.decode()
        clerk.refresh_from_db()
        assert clerk.check_password(OLD)

        done = here.post("/admin/password_change/", sent | {"code": clock.generate_otp(step + 1)})
        assert done.status_code == 302
        assert is_in(here)

    def test_browsers_may_paste_and_fill_in(self, clerk: Staff) -> None:
        signing_in = Client().get("/login/").content.decode()
        page = inside().get("/admin/password_change/").content.decode()

        assert 'type="password" name="password" autocomplete="current-password"' in " ".join(signing_in.split())
        assert page.count('type="password"') == 3 and page.count('autocomplete="new-password"') == 2
        assert "onpaste" not in page and "maxlength" not in page.partition('name="old_password"')[2]


def test_an_issued_password_leaves_no_session_in_the_list(clerk: Staff) -> None:
    inside("10.0.0.9")
    staffing.issue_password(clerk, by=a_clerk("admin-of-all", Duty.SYSTEM))
    clerk.refresh_from_db()
    here = Client(REMOTE_ADDR="10.0.0.1")
    here.force_login(clerk)
    Staff.objects.filter(pk=clerk.pk).update(initial_until=None)

    assert "10.0.0.9" not in here.get("/sessions/").content.decode()

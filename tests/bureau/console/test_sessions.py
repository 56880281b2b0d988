"""What ends a session, and how soon."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from bureau.console import sessions
from bureau.organization.models import DutyAssignment, Staff
from bureau.organization.services import staffing
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.conftest import CHECKOUT
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db

OLD, NEW = "an-old-pass-phrase", "a-newer-pass-phrase"


@pytest.fixture
def clerk() -> Staff:
    staff = a_clerk("clerk-inside", Duty.COUNTER)
    staff.set_password(OLD)
    staff.save()
    return staff


def inside(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def backdate(client: Client, **seconds: float) -> None:
    session = client.session
    for name, ago in seconds.items():
        session[getattr(sessions, name)] = time.time() - ago
    session.save()


def is_in(client: Client, **extra: Any) -> bool:
    return client.get("/", **extra).status_code == 200


class TestTime:
    def test_twenty_minutes_without_a_click_end_it(self, clerk: Staff) -> None:
        client = inside(clerk)
        backdate(client, SEEN=19 * 60)
        assert is_in(client)
        backdate(client, SEEN=20 * 60 + 1)

        answer = client.get("/", follow=True)

        assert answer.redirect_chain[-1] == ("/login/?next=/", 302)
        assert "您已 20 分钟没有操作" in answer.content.decode()
        assert ActionLog.objects.filter(action="portal.session_ended", by=clerk).exists()

    def test_ten_hours_end_it_for_the_busiest(self, clerk: Staff) -> None:
        client = inside(clerk)
        backdate(client, BEGAN=10 * 3600 - 60)
        assert is_in(client)
        backdate(client, BEGAN=10 * 3600 + 1)
        assert not is_in(client)

    def test_a_click_keeps_it_and_a_self_refreshing_block_does_not(self, clerk: Staff) -> None:
        client = inside(clerk)
        backdate(client, SEEN=600)
        is_in(client, headers={"x-requested-with": "live"})
        assert time.time() - client.session[sessions.SEEN] > 590
        is_in(client)
        assert time.time() - client.session[sessions.SEEN] < 10

    def test_a_session_that_does_not_know_its_beginning_is_over(self, clerk: Staff) -> None:
        client = inside(clerk)
        session = client.session
        del session[sessions.BEGAN]
        session.save()
        assert not is_in(client)


class TestRights:
    def test_a_suspended_account_is_out_with_the_next_click_and_stays_out(self, clerk: Staff) -> None:
        client, admin = inside(clerk), a_clerk("admin-of-all", Duty.SYSTEM)
        assert is_in(client)

        staffing.suspend(clerk, reason="离岗", by=admin)
        assert not is_in(client)

        staffing.reinstate(clerk, by=admin)
        assert not is_in(client)

    def test_a_duty_withdrawn_closes_its_desks_with_the_next_click(self, clerk: Staff) -> None:
        client, security = inside(clerk), a_clerk("guard", Duty.SECURITY)
        assert client.get("/people/").status_code == 200

        staffing.withdraw_duty(clerk, duty=Duty.COUNTER, by=security)

        assert client.get("/people/").status_code == 403
        assert not DutyAssignment.objects.filter(staff=clerk, valid_until__isnull=True).exists()

    def test_a_password_issued_by_the_administrator_ends_all_sessions(self, clerk: Staff) -> None:
        client = inside(clerk)
        staffing.issue_password(clerk, by=a_clerk("admin-of-all", Duty.SYSTEM))
        assert not is_in(client)

    def test_a_password_changed_by_oneself_ends_the_other_sessions_and_is_written_down(self, clerk: Staff) -> None:
        here, elsewhere = inside(clerk), inside(clerk)

        answer = here.post("/admin/password_change/", {"old_password": OLD, "new_password1": NEW, "new_password2": NEW})

        assert answer["Location"] == "/admin/password_change/done/"
        assert is_in(here)
        assert not is_in(elsewhere)
        assert ActionLog.objects.filter(action="organization.staff.password_set", by=clerk).exists()

    def test_all_sessions_can_be_ended_by_the_security_administrator(self, clerk: Staff) -> None:
        client = inside(clerk)
        guard = inside(a_clerk("guard", Duty.SECURITY))

        guard.post(f"/accounts/{clerk.pk}/sessions/", {"reason": "疑似账号被借用"})

        assert not is_in(client)
        assert is_in(inside(clerk))


def test_pages_behind_the_door_are_never_kept(clerk: Staff) -> None:
    client = inside(clerk)
    assert "no-store" in client.get("/admin/jsi18n/")["Cache-Control"]


def test_no_sentence_and_nothing_else_is_kept_in_a_cookie(clerk: Staff) -> None:
    guard = inside(a_clerk("guard", Duty.SECURITY))

    guard.post(f"/accounts/{clerk.pk}/sessions/", {"reason": "疑似账号被借用"})

    assert set(guard.cookies) <= {"sessionid", "csrftoken"}
    assert f"已为{clerk}结束全部登录" in guard.get("/accounts/").content.decode()


def test_scripts_keep_whether_the_navigation_is_open_and_nothing_else() -> None:
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "bureau").rglob("static/**/*.js"))

    assert set(re.findall(r"(?:set|get)Item\(\"([^\"]+)", scripts)) == {"portal.nav"}
    assert not re.search(r"sessionStorage|indexedDB|document\.cookie|caches\.", scripts)


class TestTheEnd:
    @pytest.mark.parametrize("address", ["/logout/", "/admin/logout/"])
    def test_it_is_over_on_the_server_and_the_browser_forgets(self, clerk: Staff, address: str) -> None:
        client = inside(clerk)
        key = client.session.session_key

        answer = client.post(address)

        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert not Session.objects.filter(pk=key).exists()
        client.cookies["sessionid"] = key
        assert not is_in(client)

    def test_one_that_ends_by_itself_is_forgotten_too(self, clerk: Staff) -> None:
        client = inside(clerk)
        assert "Clear-Site-Data" not in client.get("/")
        backdate(client, SEEN=20 * 60 + 1)
        assert client.get("/")["Clear-Site-Data"] == '"cache", "storage"'

    def test_asking_whether_it_holds_is_no_click(self, clerk: Staff) -> None:
        client = inside(clerk)
        backdate(client, SEEN=600)

        assert client.get("/sessions/alive/", headers={"x-requested-with": "live"}).status_code == 200

        assert time.time() - client.session[sessions.SEEN] > 590

    def test_a_sign_in_begins_under_a_new_key(self, clerk: Staff) -> None:
        client = Client()
        client.get("/login/")
        session = client.session
        session["laid in before"] = "yes"
        session.save()
        former = session.session_key
        client.cookies["sessionid"] = former

        client.post("/login/", {"username": clerk.username, "password": OLD})

        assert is_in(client)
        assert client.session.session_key != former
        assert not Session.objects.filter(pk=former).exists()

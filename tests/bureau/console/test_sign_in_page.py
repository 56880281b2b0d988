"""The door of the portal in a real browser, by keyboard alone."""

from __future__ import annotations

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session

from bureau.organization.models import Staff
from tests.browser import Portal, grave_findings

PASSWORD = "绵州-Ke-Zhan-2023"


def test_signing_in_and_out_needs_no_mouse_and_meets_no_barrier(portal: Portal) -> None:
    Staff.objects.create(username="clerk", full_name="王小丽", password=make_password(PASSWORD, hasher="argon2"))

    with portal.browse() as page:
        page.goto("/")
        assert page.title() == "登录 · 医疗保障经办"
        assert grave_findings(page) == []

        page.keyboard.type("clerk")
        page.keyboard.press("Tab")
        page.keyboard.type("wrong")
        page.keyboard.press("Enter")
        page.get_by_text("用户名或密码不正确").wait_for()
        assert grave_findings(page) == []

        page.get_by_label("密码").focus()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{portal.address}/")
        assert "王小丽" in page.inner_text("body")
        assert grave_findings(page) == []


def test_whoever_is_signed_in_comes_straight_home(portal: Portal) -> None:
    clerk = Staff.objects.create(username="clerk", full_name="王小丽")

    with portal.browse(by=clerk) as page:
        response = page.goto("/login/")
        assert response and response.ok
        assert page.url == f"{portal.address}/"


def test_a_page_that_was_left_open_is_emptied_when_its_session_is_over(portal: Portal) -> None:
    clerk = Staff.objects.create(username="clerk", full_name="王小丽")

    with portal.browse(by=clerk) as page:
        page.clock.install()
        page.goto("/")
        # Still open elsewhere: the page stays.
        with page.expect_response("**/sessions/alive/") as asked:
            page.clock.fast_forward(1_206_000)
        assert asked.value.ok
        assert "王小丽" in page.inner_text("body")

        portal.meanwhile(lambda: Session.objects.all().delete())
        page.clock.fast_forward(61_000)
        page.get_by_text("登录已结束").wait_for()
        assert "王小丽" not in page.content()
        assert grave_findings(page) == []


@pytest.fixture
def second_factor_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """For the server that starts after this."""
    monkeypatch.setenv("SECOND_FACTOR", "yes")


def test_an_authenticator_is_bound_from_the_page_and_meets_no_barrier(
    second_factor_asked: None, portal: Portal
) -> None:
    Staff.objects.create(username="clerk", full_name="王小丽", password=make_password(PASSWORD, hasher="argon2"))

    with portal.browse() as page:
        page.goto("/")
        page.keyboard.type("clerk")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{portal.address}/login/enroll/")
        assert page.title() == "绑定二次验证 · 医疗保障经办"
        assert page.locator("svg rect, svg path").count() > 0
        assert grave_findings(page) == []

        secret = page.inner_text("#secret").replace(" ", "")
        page.keyboard.type(pyotp.TOTP(secret).now())
        page.keyboard.press("Enter")
        page.wait_for_url(f"{portal.address}/")
        assert "王小丽" in page.inner_text("body")

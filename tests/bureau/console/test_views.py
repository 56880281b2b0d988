"""Coming in, the frame, and what the pages say when they refuse."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from bureau.console import door
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db


def test_without_sign_in_every_page_leads_to_the_door(client: Client) -> None:
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/login/?next=/"


def test_admin_has_no_door_of_its_own(client: Client) -> None:
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/login/?next=/admin/"


def test_a_wrong_password_and_an_unknown_name_get_the_same_sentence(client: Client) -> None:
    a_clerk("clerk-known")

    answers = [
        client.post("/login/", {"username": name, "password": "wrong"}).content.decode()
        for name in ("clerk-known", "nobody")
    ]

    assert all("用户名或密码不正确" in answer for answer in answers)
    lines = ActionLog.objects.filter(action="portal.sign_in_failed").order_by("id")
    assert [line.by_id is None for line in lines] == [False, True]
    assert "nobody" not in "".join(line.summary + line.subject_key for line in lines)


def test_signing_in_leads_home_and_is_written_down(client: Client) -> None:
    by = a_clerk("clerk-known")
    by.set_password("a-good-pass-phrase")
    by.save()

    answer = client.post("/login/", {"username": "clerk-known", "password": "a-good-pass-phrase"})

    assert answer["Location"] == "/"
    assert ActionLog.objects.filter(action="portal.signed_in", by=by).exists()


def test_home_shows_area_person_and_empty_states(client: Client) -> None:
    by = a_clerk("clerk-home")
    client.force_login(by)

    page = client.get("/").content.decode()

    assert str(by) in page
    assert "游仙区" in page
    assert "没有待办" in page


def test_pages_forbid_foreign_content_and_are_not_kept(client: Client) -> None:
    client.force_login(a_clerk("clerk-csp"))

    answer = client.get("/")

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]


def test_a_page_that_is_not_there_is_explained_in_chinese(client: Client) -> None:
    client.force_login(a_clerk("clerk-lost"))

    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_what_was_searched_stays_out_of_the_log(client: Client) -> None:
    client.force_login(a_clerk("clerk-search", Duty.COUNTER))

    client.post("/search/", {"q": "510704199001010018"})

    line = ActionLog.objects.get(action="portal.searched")
    assert "510704" not in line.summary
    assert "510704199001010018" not in str(line.detail)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "http://testserver@evil.example/",
        "\thttps://evil.example/",
    ],
)
@pytest.mark.parametrize("is_by_form", [True, False])
def test_whoever_signs_in_is_led_nowhere_else(client: Client, settings: Any, target: str, is_by_form: bool) -> None:
    """Neither at once nor, where a second step follows, by what is kept for the time after it."""
    by = a_clerk("clerk-led")
    by.set_password("a-good-pass-phrase")
    by.save()
    form = {"username": "clerk-led", "password": "a-good-pass-phrase"}
    address = "/login/" if is_by_form else f"/login/?{urlencode({'next': target})}"
    sent = {**form, "next": target} if is_by_form else form

    assert client.post(address, sent)["Location"] == "/"

    settings.SECOND_FACTOR_REQUIRED = True
    second = Client()
    assert second.post(address, sent)["Location"] == "/login/enroll/"
    assert second.session[door.HALF]["next"] == "/"

"""The door: pauses, the second factor, and that a refusal says the same to everybody."""

from __future__ import annotations

import io
import time
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bureau.console import door, sessions
from bureau.organization.models import SecondFactor, Staff, Tally
from bureau.organization.services import second_factor, sign_in, staffing
from bureau.organization.tasks import clear_ended
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db

PASSWORD = "a-good-pass-phrase"


@pytest.fixture
def clerk() -> Staff:
    staff = a_clerk("clerk-known", Duty.COUNTER)
    staff.set_password(PASSWORD)
    staff.save()
    return staff


@pytest.fixture
def strict(settings: Any) -> None:
    """As outside local settings."""
    settings.SECOND_FACTOR_REQUIRED = True


def try_in(client: Client, username: str = "clerk-known", password: str = "wrong", **extra: Any) -> Any:  # noqa: S107
    return client.post("/login/", {"username": username, "password": password}, **extra)


def code_now(staff: Staff, seed: str, *, steps: int = 0) -> str:
    step = int(time.time()) // 30 + steps
    return pyotp.TOTP(second_factor.secret_of(staff, seed)).generate_otp(step)


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


class TestThePause:
    def test_five_failures_close_the_door_even_to_the_right_password(self, client: Client, clerk: Staff) -> None:
        assert [try_in(client).status_code for _ in range(5)] == [200] * 5

        refused = try_in(client, password=PASSWORD)

        assert refused.status_code == 429
        assert "请 15 分钟后再试" in refused.content.decode()
        assert not is_in(client)

    def test_it_ends_after_a_quarter_of_an_hour(self, client: Client, clerk: Staff) -> None:
        for _ in range(6):
            try_in(client)
        assert Tally.objects.get(key=sign_in.name_key("clerk-known")).ends_at > timezone.now() + timedelta(minutes=14)
        Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

        assert try_in(client, password=PASSWORD).status_code == 302

    def test_the_right_password_starts_from_nought(self, client: Client, clerk: Staff) -> None:
        for _ in range(4):
            try_in(client)
        try_in(client, password=PASSWORD)
        client.post("/logout/")

        assert [try_in(client).status_code for _ in range(5)] == [200] * 5

    def test_a_name_that_does_not_exist_is_paused_the_same_way(self, client: Client, clerk: Staff) -> None:
        clerk_off = a_clerk("clerk-off")
        Staff.objects.filter(pk=clerk_off.pk).update(is_active=False)
        said = {}
        for name in ("clerk-known", "clerk-off", "nobody-here"):
            answers = [try_in(client, name) for _ in range(7)]
            said[name] = [(answer.status_code, without_tokens(answer, name)) for answer in answers]

        assert [status for status, _ in said["nobody-here"]] == [200] * 5 + [429] * 2
        assert said["clerk-known"] == said["nobody-here"] == said["clerk-off"]

    def test_thirty_failures_over_many_names_close_the_address(self, client: Client, clerk: Staff) -> None:
        for number in range(30):
            try_in(client, f"nobody-{number}")

        assert try_in(client, password=PASSWORD).status_code == 429
        assert try_in(client, password=PASSWORD, REMOTE_ADDR="10.0.0.9").status_code == 302

    def test_whoever_comes_in_does_not_wear_the_address_out(self, client: Client, clerk: Staff) -> None:
        for _ in range(40):
            assert try_in(client, password=PASSWORD).status_code == 302
            client.post("/logout/")

    def test_neither_name_nor_address_nor_password_is_kept_in_the_counts(self, client: Client) -> None:
        try_in(client, "my-password-in-the-wrong-box", REMOTE_ADDR="10.1.2.3")

        kept = " ".join(Tally.objects.values_list("key", flat=True))
        assert "my-password" not in kept and "10.1.2.3" not in kept

    def test_an_unknown_name_costs_the_same_hash(self, client: Client, clerk: Staff, settings: Any) -> None:
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
        Staff.objects.filter(pk=clerk.pk).update(password=make_password(PASSWORD))

        def fastest(name: str) -> float:
            Tally.objects.all().delete()
            return min(seconds(lambda: try_in(client, name)) for _ in range(5))

        seconds(lambda: try_in(client, "warm-up"))
        known, unknown = fastest("clerk-known"), fastest("nobody-here")
        assert 0.5 < known / unknown < 2

    def test_the_security_administrator_lifts_it_with_a_reason(self, client: Client, clerk: Staff) -> None:
        for _ in range(6):
            try_in(client)
        guard = Client()
        guard.force_login(a_clerk("guard", Duty.SECURITY))

        assert guard.post(f"/accounts/{clerk.pk}/pause/", {"reason": ""}).status_code == 422
        guard.post(f"/accounts/{clerk.pk}/pause/", {"reason": "本人电话申请，已核实"})

        assert try_in(client, password=PASSWORD).status_code == 302
        line = ActionLog.objects.get(action="organization.staff.pause_ended")
        assert "本人电话申请，已核实" in line.summary


@pytest.mark.parametrize("password", [" A-Pass phrase with blanks ", "密码 is long 𠮷 " * 8, "x1" * 64])
def test_a_password_is_taken_as_it_was_typed(clerk: Staff, password: str) -> None:
    clerk.set_password(password)
    clerk.save()

    for near in (password.swapcase(), password[:-1], f"{password} "):
        assert not is_in_by(near)
    assert is_in_by(password)


def is_in_by(password: str) -> bool:
    client = Client()
    try_in(client, password=password)
    return is_in(client)


def without_tokens(answer: Any, name: str) -> str:
    text = answer.content.decode()
    token = answer.context["csrf_token"]
    return text.replace(str(token), "").replace(name, "")


def seconds(deed: Any) -> float:
    begun = time.process_time()
    deed()
    return time.process_time() - begun


@pytest.mark.usefixtures("strict")
class TestTheSecondFactor:
    def test_the_password_alone_opens_nothing(self, client: Client, clerk: Staff) -> None:
        answer = try_in(client, password=PASSWORD)

        assert answer["Location"] == "/login/enroll/"
        assert not is_in(client)
        assert client.get("/login/code/").status_code == 200

    def test_is_enrolled_by_its_first_code_and_then_lets_in(self, client: Client, clerk: Staff) -> None:
        seed = self.begin(client)
        page = client.get("/login/enroll/").content.decode()
        secret = second_factor.secret_of(clerk, seed)
        assert secret[:4] in page and "<svg" in page and "http-equiv" not in page

        answer = client.post("/login/enroll/", {"code": code_now(clerk, seed)})

        assert answer["Location"] == "/"
        assert is_in(client)
        assert ActionLog.objects.filter(action="organization.staff.second_factor_enrolled", by=clerk).exists()

    def test_a_wrong_code_enrolls_nothing(self, client: Client, clerk: Staff) -> None:
        seed = self.begin(client)

        answer = client.post("/login/enroll/", {"code": code_now(clerk, seed, steps=50)})

        assert "验证码不对" in answer.content.decode()
        assert not SecondFactor.objects.exists()
        assert not is_in(client)

    def test_a_code_comes_in_once_and_never_again(self, clerk: Staff) -> None:
        seed = self.enrolled(clerk)
        spoken = code_now(clerk, seed)

        first, second = Client(), Client()
        try_in(first, password=PASSWORD)
        try_in(second, password=PASSWORD)

        assert first.post("/login/code/", {"code": spoken})["Location"] == "/"
        assert "验证码不对或已用过" in second.post("/login/code/", {"code": spoken}).content.decode()
        assert not is_in(second)

    def test_an_older_code_than_the_last_used_is_refused(self, clerk: Staff) -> None:
        seed = self.enrolled(clerk)
        later, former = code_now(clerk, seed, steps=1), code_now(clerk, seed)
        client = Client()
        try_in(client, password=PASSWORD)
        client.post("/login/code/", {"code": later})
        other = Client()
        try_in(other, password=PASSWORD)

        other.post("/login/code/", {"code": former})

        assert not is_in(other)

    def test_five_wrong_codes_close_the_door(self, client: Client, clerk: Staff) -> None:
        seed = self.enrolled(clerk)
        wrong = code_now(clerk, seed, steps=50)
        try_in(client, password=PASSWORD)

        answers = [client.post("/login/code/", {"code": wrong}).status_code for _ in range(6)]

        assert answers == [200, 200, 200, 200, 200, 429]
        try_in(client, password=PASSWORD)
        assert client.post("/login/code/", {"code": code_now(clerk, seed)}).status_code == 429
        assert not is_in(client)

    def test_the_second_step_waits_five_minutes(
        self, client: Client, clerk: Staff, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seed = self.enrolled(clerk)
        try_in(client, password=PASSWORD)
        monkeypatch.setattr(door, "HALF_SECONDS", -1)

        assert client.post("/login/code/", {"code": code_now(clerk, seed)})["Location"] == "/login/"
        assert not is_in(client)

    def test_who_was_suspended_between_the_steps_stays_out(self, client: Client, clerk: Staff) -> None:
        seed = self.enrolled(clerk)
        try_in(client, password=PASSWORD)
        Staff.objects.filter(pk=clerk.pk).update(is_active=False)

        assert client.post("/login/code/", {"code": code_now(clerk, seed)})["Location"] == "/login/"

    def test_a_session_without_it_is_no_session(self, client: Client, clerk: Staff) -> None:
        client.force_login(clerk)
        assert client.get("/").status_code == 302

    def test_neither_database_nor_log_holds_the_secret(self, client: Client, clerk: Staff) -> None:
        seed = self.enrolled(clerk)
        secret = second_factor.secret_of(clerk, seed)

        held = SecondFactor.objects.get()
        said = " ".join(ActionLog.objects.values_list("summary", flat=True))
        assert secret not in held.seed and secret not in said

    def test_a_lost_telephone_is_taken_back_with_a_reason_and_ends_the_sessions(
        self, client: Client, clerk: Staff
    ) -> None:
        seed = self.enrolled(clerk)
        try_in(client, password=PASSWORD)
        client.post("/login/code/", {"code": code_now(clerk, seed)})
        assert is_in(client)
        guard = a_clerk("guard", Duty.SECURITY)
        by = Client()
        by.force_login(guard)
        session = by.session
        session[sessions.SECOND_FACTOR] = True
        session.save()

        by.post(f"/accounts/{clerk.pk}/second-factor/", {"reason": "手机遗失"})

        assert not is_in(client)
        assert "手机遗失" in ActionLog.objects.get(action="organization.staff.second_factor_reset").summary
        assert try_in(client, password=PASSWORD)["Location"] == "/login/enroll/"

    def begin(self, client: Client) -> str:
        try_in(client, password=PASSWORD)
        return str(client.session[door.HALF]["seed"])

    def enrolled(self, staff: Staff) -> str:
        seed = second_factor.new_seed()
        second_factor.enroll(staff, seed=seed, code=code_now(staff, seed, steps=-1))
        return seed


class TestAnIssuedPassword:
    @pytest.fixture
    def issued(self, clerk: Staff) -> str:
        return staffing.issue_password(clerk, by=a_clerk("admin-of-all", Duty.SYSTEM))

    def test_opens_nothing_but_the_page_on_which_it_is_replaced(self, client: Client, issued: str) -> None:
        try_in(client, password=issued)

        for page in ("/", "/people/", "/admin/", "/admin/organization/staff/"):
            assert client.get(page)["Location"] == "/admin/password_change/"
        shown = client.get("/admin/password_change/").content.decode()
        assert "请先设置自己的密码" in shown

        sent = {"old_password": issued, "new_password1": issued, "new_password2": issued}
        assert "新密码不能与现在的密码相同" in client.post("/admin/password_change/", sent).content.decode()
        sent |= {"new_password1": PASSWORD, "new_password2": PASSWORD}
        assert client.post("/admin/password_change/", sent).status_code == 302
        assert is_in(client)
        assert try_in(Client(), password=issued).status_code == 200
        assert try_in(Client(), password=PASSWORD).status_code == 302

    def test_is_over_after_a_week(self, client: Client, clerk: Staff, issued: str) -> None:
        Staff.objects.filter(pk=clerk.pk).update(initial_until=timezone.now() - timedelta(seconds=1))

        answer = try_in(client, password=issued)

        assert "初始密码已过期" in answer.content.decode()
        assert not is_in(client)
        assert ActionLog.objects.filter(action="portal.initial_over", by=clerk).count() == 1


def test_nobody_lifts_a_protection_of_his_own_or_without_the_duty(client: Client, clerk: Staff) -> None:
    guard = a_clerk("guard", Duty.SECURITY)
    client.force_login(guard)
    assert client.post(f"/accounts/{guard.pk}/second-factor/", {"reason": "自己"}).status_code == 409

    client.force_login(clerk)
    assert client.get("/accounts/").status_code == 403
    assert client.post(f"/accounts/{guard.pk}/sessions/", {"reason": "试试"}).status_code == 403


def test_the_list_shows_who_is_bound(client: Client, clerk: Staff) -> None:
    client.force_login(a_clerk("guard", Duty.SECURITY))
    page = client.get("/accounts/").content.decode()
    assert "clerk-known" in page and "未绑定" in page


@pytest.mark.usefixtures("strict")
def test_from_the_shell_the_security_administrators_own_telephone_is_taken_back() -> None:
    guard = a_clerk("guard", Duty.SECURITY)
    seed = second_factor.new_seed()
    second_factor.enroll(guard, seed=seed, code=code_now(guard, seed))

    call_command("reset_second_factor", "guard", reason="唯一的安全管理员手机遗失", stdout=io.StringIO())

    assert not second_factor.is_enrolled(guard)
    assert ActionLog.objects.get(action="organization.staff.second_factor_reset").by is None


def test_what_is_over_is_cleared_at_night(client: Client, clerk: Staff) -> None:
    client.force_login(clerk)
    try_in(Client())
    Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))

    clear_ended()

    assert not Tally.objects.exists()
    assert not Session.objects.exists()

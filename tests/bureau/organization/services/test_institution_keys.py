"""Keys of institutions: shown once, kept as a digest, replaced with an overlap, dead at once when revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.models import InstitutionKey, Staff
from bureau.organization.services import institution_keys
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories import people
from tests.factories.institutions import a_hospital
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk

pytestmark = pytest.mark.django_db

CODE, OTHER = "H51070400001", "H51070400002"


@pytest.fixture
def manager() -> Staff:
    return a_clerk("keys-youxian", Duty.INSTITUTIONS)


def issued(manager: Staff, code: str = CODE) -> institution_keys.Issued:
    return institution_keys.issue(institution_code=code, area_code=YOUXIAN, by=manager)


def test_a_key_speaks_for_its_own_institution(manager: Staff) -> None:
    one, two = issued(manager), issued(manager, OTHER)

    assert institution_keys.authenticate(one.text).institution_code == CODE
    assert institution_keys.authenticate(two.text).institution_code == OTHER


def test_neither_database_nor_log_holds_it(manager: Staff) -> None:
    text = issued(manager).text
    rest = text.split("_", 2)[2]

    row = InstitutionKey.objects.values().get()
    assert rest not in str(row)
    assert rest not in ActionLog.objects.get(action="organization.key.issued").summary
    assert len(rest) == 43


def test_what_is_nearly_a_key_is_none(manager: Staff) -> None:
    text = issued(manager).text

    changed = text[:-1] + ("A" if text[-1] != "A" else "B")
    for wrong in ("", "ybk", "ybk__", changed, text.upper(), text[4:], f"{text} ", "ybk_00000000_x", "\0" + text, "密"):
        assert institution_keys.authenticate(wrong) is None, wrong


def test_a_new_key_leaves_the_old_one_seven_days_and_a_third_ends_the_first(manager: Staff) -> None:
    first, second = issued(manager), issued(manager)

    assert institution_keys.authenticate(first.text) is not None
    left = InstitutionKey.objects.get(pk=first.key.pk).ends_at - timezone.now()
    assert timedelta(days=6) < left <= timedelta(days=7)

    third = issued(manager)
    assert institution_keys.authenticate(first.text) is None
    assert institution_keys.authenticate(second.text) is not None
    assert institution_keys.authenticate(third.text) is not None


def test_another_institution_keeps_its_key(manager: Staff) -> None:
    other = issued(manager, OTHER)
    issued(manager)
    assert InstitutionKey.objects.get(pk=other.key.pk).ends_at > timezone.now() + timedelta(days=300)


def test_a_key_ends_after_its_year(manager: Staff) -> None:
    key = issued(manager)
    InstitutionKey.objects.update(ends_at=timezone.now())
    assert institution_keys.authenticate(key.text) is None


def test_a_revoked_key_is_dead_with_the_next_call(manager: Staff) -> None:
    key = issued(manager)

    with pytest.raises(BusinessError, match="须写明原因"):
        institution_keys.revoke(key.key, reason=" ", by=manager)
    institution_keys.revoke(key.key, reason="机构人员离职", by=manager)

    assert institution_keys.authenticate(key.text) is None
    assert "机构人员离职" in ActionLog.objects.get(action="organization.key.revoked").summary


def test_only_managers_of_its_area_issue_and_revoke(manager: Staff) -> None:
    key = issued(manager)
    neighbour = a_clerk("keys-jiangyou", Duty.INSTITUTIONS, area_code=JIANGYOU)
    clerk = a_clerk("no-keys", Duty.COUNTER)

    for by, code in ((neighbour, "organization.key_elsewhere"), (clerk, "organization.duty")):
        with pytest.raises(BusinessError) as refusal:
            institution_keys.issue(institution_code=CODE, area_code=YOUXIAN, by=by)
        assert refusal.value.code == code
        with pytest.raises(BusinessError):
            institution_keys.revoke(key.key, reason="试试", by=by)
    assert institution_keys.authenticate(key.text) is not None


class TestTheTable:
    url = "/admin/organization/institutionkey/"

    def test_shows_the_key_on_the_page_after_issuing_and_never_again(self, client: Client, manager: Staff) -> None:
        a_hospital(code=CODE)
        client.force_login(manager)

        answer = client.post(f"{self.url}add/", {"institution_code": CODE.lower()})

        page = answer.content.decode()
        key = InstitutionKey.objects.get()
        start = page.index(f"ybk_{key.prefix}_")
        text = page[start : start + 56]
        assert institution_keys.authenticate(text) == key
        assert "no-store" in answer["Cache-Control"]
        for path in (self.url, f"{self.url}{key.pk}/change/", f"{self.url}{key.pk}/history/"):
            shown = client.get(path).content.decode()
            assert key.prefix in shown
            assert text not in shown
            assert key.digest not in shown

    def test_refuses_an_institution_that_is_not_there(self, client: Client, manager: Staff) -> None:
        client.force_login(manager)
        page = client.post(f"{self.url}add/", {"institution_code": CODE}).content.decode()
        assert "没有这个编码的定点机构" in page
        assert not InstitutionKey.objects.exists()

    def test_revokes_with_a_reason(self, client: Client, manager: Staff) -> None:
        key = issued(manager)
        client.force_login(manager)

        client.post(f"{self.url}{key.key.pk}/change/", {"reason": "密钥外泄"})

        assert institution_keys.authenticate(key.text) is None
        assert "已吊销" in client.get(self.url).content.decode()

    def test_is_closed_to_other_duties_and_counties(self, client: Client, manager: Staff) -> None:
        key = issued(manager)
        client.force_login(a_clerk("curious", Duty.REVIEW_FIRST))
        assert client.get(self.url).status_code == 403
        client.force_login(a_clerk("keys-jiangyou", Duty.INSTITUTIONS, area_code=people.JIANGYOU))
        assert key.key.prefix not in client.get(self.url).content.decode()
        assert client.post(f"{self.url}{key.key.pk}/change/", {"reason": "外县"}).status_code == 302
        assert institution_keys.authenticate(key.text) is not None

"""A whole bank account takes a reason, which is written down first."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ReadRecord
from tests.factories import month
from tests.factories.people import JIANGYOU, a_clerk

pytestmark = pytest.mark.django_db

ACCOUNT = "6222000000001234"


def test_the_account_is_shown_once_by_post_with_a_reason(client: Client) -> None:
    hospital = month.a_paid_hospital(bank_account=ACCOUNT)
    client.force_login(a_clerk("", Duty.FINANCE))
    address = f"/institutions/{hospital.code}/account/"

    assert ACCOUNT not in client.get(address).content.decode()
    assert client.post(address, {"reason": ""}).status_code == 422
    assert not ReadRecord.objects.exists()
    shown = client.post(address, {"reason": "核对退汇"})

    assert ACCOUNT in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert ReadRecord.objects.get().subject_key == hospital.code
    assert ActionLog.objects.get(action="institution.revealed").summary == "显示完整银行账号，原因：核对退汇"


def test_neither_another_county_nor_another_duty_sees_it(client: Client) -> None:
    hospital = month.a_paid_hospital(bank_account=ACCOUNT)
    address = f"/institutions/{hospital.code}/account/"
    for staff, status in ((a_clerk("", Duty.FINANCE, area_code=JIANGYOU), 404), (a_clerk("", Duty.COUNTER), 403)):
        client.force_login(staff)
        assert client.post(address, {"reason": "核对退汇"}).status_code == status
    assert not ReadRecord.objects.exists()

"""Staff and duties kept in the admin's tables, through the services."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from bureau.organization.models import DutyAssignment, Staff
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk

pytestmark = pytest.mark.django_db
STAFF = "/admin/organization/staff/"
DUTIES = "/admin/organization/dutyassignment/"
# What the browser sends for the read-only list of duties.
NO_DUTIES = {"duties-TOTAL_FORMS": "0", "duties-INITIAL_FORMS": "0"}


def administrator(client: Client, duty: Duty = Duty.SYSTEM) -> Staff:
    by = a_clerk("", duty, area_code="510700")
    client.force_login(by)
    return by


def test_a_new_member_of_staff_gets_a_password_that_is_shown_once(client: Client) -> None:
    administrator(client)

    answer = client.post(f"{STAFF}add/", {"username": "lin", "full_name": "林知夏", "area": YOUXIAN, "office": ""})

    word = re.findall(r'id="word">([a-z2-9-]+)<', answer.content.decode())[0]
    staff = Staff.objects.get(username="lin")
    assert staff.check_password(word)
    assert len(word) == 34 and len(set(word)) > 8
    written = ActionLog.objects.filter(action__startswith="organization.staff").values_list("summary", flat=True)
    assert list(written) == ["为林知夏生成初始密码，7 天内有效。", "任用林知夏（lin）。"]
    assert word not in client.get(f"{STAFF}{staff.pk}/change/").content.decode()


def test_a_forgotten_password_is_issued_anew_and_chosen_by_nobody(client: Client) -> None:
    administrator(client)
    staff = a_clerk("lin")
    typed = {"full_name": "林知夏", "area": YOUXIAN, "office": "", "is_active": "on", **NO_DUTIES}

    client.post(f"{STAFF}{staff.pk}/change/", {**typed, "password": "chosen-by-somebody-else"})
    staff.refresh_from_db()
    assert not staff.has_usable_password()

    answer = client.post(f"{STAFF}{staff.pk}/change/", {**typed, "new_password": "on"})
    staff.refresh_from_db()
    assert staff.check_password(re.findall(r'id="word">([a-z2-9-]+)<', answer.content.decode())[0])
    assert staff.initial_until is not None


def test_what_the_service_refuses_comes_back_on_the_form(client: Client) -> None:
    client.force_login(a_clerk("county", Duty.SYSTEM))
    a_clerk("lin", area_code="510700")

    answer = client.post(f"{STAFF}add/", {"username": "li n", "full_name": "林知夏", "area": YOUXIAN, "office": ""})

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "用户名" in page
    assert 'value="林知夏"' in page
    assert not Staff.objects.filter(full_name="林知夏").exists()


def test_a_transfer_and_a_suspension_go_through_the_services(client: Client) -> None:
    administrator(client)
    staff = a_clerk("lin")
    address = f"{STAFF}{staff.pk}/change/"

    typed = {"full_name": "林知夏", "area": JIANGYOU, "office": "", **NO_DUTIES}

    without_reason = client.post(address, typed)
    with_reason = client.post(address, {**typed, "reason": "退休"})

    assert "须写明原因" in without_reason.content.decode()
    assert with_reason.status_code == 302
    staff.refresh_from_db()
    assert (staff.full_name, staff.area_id, staff.is_active) == ("林知夏", JIANGYOU, False)


def test_what_the_form_does_not_ask_for_is_not_written(client: Client) -> None:
    """Columns of the table, sent along with a form that has no such field."""
    administrator(client)
    staff = a_clerk("lin")
    staff.set_password("quiet-river-7391")
    staff.save()
    unasked = {
        "id": "999999",
        "username": "root",
        "is_superuser": "on",
        "is_staff": "on",
        "last_login": "2020-01-01",
        "sessions_from": "2020-01-01",
        "groups": "1",
        "user_permissions": "1",
        "duties-0-duty": "finance",
        "duties-0-staff": str(staff.pk),
        "duties-0-valid_from": "2020-01-01",
    }
    typed = {"full_name": "林知夏", "area": YOUXIAN, "office": "", "password": "", "is_active": "on"}

    answer = client.post(
        f"{STAFF}{staff.pk}/change/", {**unasked, **typed, "duties-TOTAL_FORMS": "1", "duties-INITIAL_FORMS": "0"}
    )

    assert answer.status_code == 302
    kept = Staff.objects.get(pk=staff.pk)
    assert (kept.full_name, kept.username, kept.is_superuser, kept.last_login) == ("林知夏", "lin", False, None)
    assert kept.check_password("quiet-river-7391")
    assert (kept.sessions_from, kept.password) == (staff.sessions_from, staff.password)
    assert not DutyAssignment.objects.filter(staff=staff).exists()


def test_the_security_administrator_gives_and_ends_duties(client: Client) -> None:
    administrator(client, Duty.SECURITY)
    staff = a_clerk("lin", Duty.RELIEF)

    refused = client.post(f"{DUTIES}add/", {"staff": staff.pk, "duty": "relief_check", "valid_from": "2023-05-01"})
    given = client.post(f"{DUTIES}add/", {"staff": staff.pk, "duty": "counter", "valid_from": "2023-05-01"})
    relief = DutyAssignment.objects.get(staff=staff, duty="relief")
    ended = client.post(f"{DUTIES}{relief.pk}/change/", {"valid_until": "2023-06-01"})

    assert "不相容" in refused.content.decode()
    assert given.status_code == ended.status_code == 302
    assert has_duty(staff, Duty.COUNTER)
    assert not has_duty(staff, Duty.RELIEF)


def test_the_system_administrator_gives_no_duties_and_a_clerk_sees_no_staff(client: Client) -> None:
    administrator(client)
    assert client.get(f"{DUTIES}add/").status_code == 403

    client.force_login(a_clerk("", Duty.COUNTER))
    assert client.get(STAFF).status_code == 403


@pytest.mark.parametrize(
    "table",
    [
        "organization/staff",
        "organization/dutyassignment",
        "organization/office",
        "organization/area",
        "trail/actionlog",
        "trail/importbatch",
        "trail/run",
    ],
)
def test_every_table_opens_in_ten_queries(client: Client, table: str, django_assert_max_num_queries: object) -> None:
    administrator(client, Duty.SYSTEM)
    for _ in range(20):
        a_clerk("", Duty.COUNTER)

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert client.get(f"/admin/{table}/").status_code == 200


def test_names_stay_out_of_the_title(client: Client) -> None:
    administrator(client)
    staff = a_clerk("lin")

    for page in ("change", "history"):
        text = client.get(f"{STAFF}{staff.pk}/{page}/").content.decode()
        assert str(staff) not in text.split("<title>")[1].split("</title>")[0]

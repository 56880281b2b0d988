"""The people pages: who may be seen, masked, and how little the lists ask of the database."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bureau.kernel.terms import Scheme
from bureau.organization.terms import Duty
from bureau.trail.models import ActionLog, ReadRecord
from enrollment.models import Person
from enrollment.services import recognitions
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, a_person, a_recognition, an_enrollment, an_id_number

pytestmark = pytest.mark.django_db


def counter(client: Client, area_code: str = YOUXIAN) -> Client:
    client.force_login(a_clerk("", Duty.COUNTER, area_code=area_code))
    return client


def test_the_list_shows_masked_ids_and_ages_of_ones_own_area(client: Client) -> None:
    number = an_id_number(born=date(1970, 1, 1))
    an_enrollment(a_person(id_number=number, name="陈山"), scheme=Scheme.RESIDENT)
    a_person(name="外县人", area_code=JIANGYOU)

    page = counter(client).get("/people/").content.decode()

    assert "陈山" in page
    assert "居民医保" in page
    assert "外县人" not in page
    assert number not in page
    assert "1970-01-01" not in page


def test_filters_narrow_the_list(client: Client) -> None:
    an_enrollment(a_person(name="居民"), scheme=Scheme.RESIDENT)
    an_enrollment(a_person(name="职工"), scheme=Scheme.EMPLOYEE)
    sick = a_person(name="慢病")
    a_recognition(sick, valid_from=date(2023, 1, 1))
    signed_in = counter(client)

    def names(query: str) -> set[str]:
        page = signed_in.get(f"/people/?{query}").content.decode()
        return {name for name in ("居民", "职工", "慢病") if f">{name}</a>" in page}

    assert names("scheme=resident") == {"居民"}
    assert names("scheme=employee") == {"职工"}
    assert names("scheme=none") == {"慢病"}
    assert names("chronic=yes") == {"慢病"}
    assert names(f"area={JIANGYOU}") == {"居民", "职工", "慢病"}


def test_the_list_asks_the_database_ten_times_at_most(client: Client, django_assert_max_num_queries: object) -> None:
    for number in range(60):
        an_enrollment(a_person(name=f"人{number}"))
    signed_in = counter(client)

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        assert signed_in.get("/people/?scheme=resident").status_code == 200


def test_an_exact_id_opens_the_file_and_stays_out_of_address_and_log(client: Client) -> None:
    number = an_id_number()
    person = a_person(id_number=number, name="陈山")

    answer = counter(client).post("/people/find/", {"q": number.lower()}, follow=True)

    assert answer.redirect_chain == [(f"/people/{person.pk}/", 302)]
    assert number not in answer.content.decode()
    logged = ActionLog.objects.filter(action__startswith="enrollment.").values_list("summary", "subject_key")
    assert all(number not in f"{line}" for line in logged)


def test_a_name_finds_a_list_and_nothing_is_said_to_be_nothing(client: Client) -> None:
    a_person(name="陈山")
    a_person(name="陈水")
    signed_in = counter(client)

    assert "共 2 人" in signed_in.post("/people/find/", {"q": "陈"}).content.decode()
    assert "没有查到" in signed_in.post("/people/find/", {"q": "赵"}).content.decode()


def test_the_file_keeps_the_name_out_of_the_title_and_writes_down_who_looked(client: Client) -> None:
    person = a_person(name="陈山")
    an_enrollment(person, valid_from=date(2023, 1, 1), valid_until=date(2024, 1, 1))
    page = counter(client).get(f"/people/{person.pk}/?day=2023-05-04").content.decode()

    title = page.split("<title>")[1].split("</title>")[0]
    assert "陈山" not in title
    assert "2023年5月4日可以享受待遇" in page
    assert "2023-01-01 至 2023-12-31" in page
    assert ReadRecord.objects.filter(kind="viewed", screen="person", subject_key=str(person.pk)).count() == 1


def test_the_verdict_says_why_not(client: Client) -> None:
    person = a_person()
    an_enrollment(person, valid_from=date(2023, 1, 1), valid_until=date(2024, 1, 1))
    signed_in = counter(client)

    assert "2024年1月1日不能享受待遇" in signed_in.get(f"/people/{person.pk}/?day=2024-01-01").content.decode()
    Person.objects.filter(pk=person.pk).update(deceased_on=date(2023, 3, 1))
    assert "死亡日期之后" in signed_in.get(f"/people/{person.pk}/?day=2023-03-02").content.decode()


def test_the_file_of_another_county_is_not_there(client: Client) -> None:
    person = a_person(area_code=JIANGYOU)

    assert counter(client).get(f"/people/{person.pk}/").status_code == 404


def test_the_timeline_tells_what_was_done_not_who_looked(client: Client) -> None:
    person = a_person()
    recognitions.recognize_chronic(
        person_id=person.pk,
        disease_code="M03900",
        disease_name="高血压",
        valid_from=date(2023, 1, 1),
        by=a_clerk(),
    )
    signed_in = counter(client)
    signed_in.get(f"/people/{person.pk}/")

    file = signed_in.get(f"/people/{person.pk}/").content.decode()
    assert f'data-live="/people/{person.pk}/history/"' in file
    page = signed_in.get(f"/people/{person.pk}/history/").content.decode()

    assert "登记个人档案" in page
    assert ReadRecord.objects.filter(screen="person_history", subject_key=str(person.pk)).count() == 1
    assert "查看个人档案。" not in page


def test_people_without_a_business_duty_do_not_enter(client: Client) -> None:
    client.force_login(a_clerk("", Duty.SYSTEM))

    assert client.get("/people/").status_code == 403


def test_a_whole_number_is_shown_once_by_post_with_a_reason(client: Client) -> None:
    number = an_id_number()
    person = a_person(id_number=number, name="陈山")
    signed_in = counter(client)
    address = f"/people/{person.pk}/reveal/"

    assert "显示完整证件号（记录原因）" in signed_in.get(f"/people/{person.pk}/").content.decode()
    assert signed_in.get(address).status_code == 405
    refused = signed_in.post(address, {"hidden": "id_number", "reason": ""})
    assert refused.status_code == 422
    assert number not in refused.content.decode()
    assert ReadRecord.objects.filter(kind="revealed").count() == 0

    shown = signed_in.post(address, {"hidden": "id_number", "reason": "核对住院登记"})
    assert number in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert number not in signed_in.get(f"/people/{person.pk}/").content.decode()
    assert ReadRecord.objects.filter(kind="revealed", subject_key=str(person.pk)).count() == 1


def test_leaders_read_files_but_no_whole_numbers(client: Client) -> None:
    person = a_person()
    client.force_login(a_clerk("", Duty.LEADER_COUNTY))
    assert "显示完整证件号" not in client.get(f"/people/{person.pk}/").content.decode()
    assert client.post(f"/people/{person.pk}/reveal/", {"hidden": "phone", "reason": "核对登记"}).status_code == 403


def test_an_address_of_the_admin_is_no_oracle(client: Client) -> None:
    person = a_person(id_number="51070419760824187X")
    signed_in = counter(client)
    for query in ("id_number=51070419760824187X", "id_number__startswith=5", "id_index=51070419760824187X",
                  "born_on__gte=1976-01-01", "phone__contains=1", "q=51070419760824187X"):  # fmt: skip
        answer = signed_in.get(f"/admin/enrollment/person/?{query}", follow=True)
        assert "0 " in answer.content.decode() or answer.redirect_chain or answer.status_code == 400, query
        assert "1976-" not in answer.content.decode()
    page = signed_in.get(f"/admin/enrollment/person/{person.pk}/change/").content.decode()
    assert "1976-" not in page
    assert ReadRecord.objects.filter(screen="admin.person", subject_key=str(person.pk)).count() == 1

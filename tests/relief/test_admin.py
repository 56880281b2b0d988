"""The tables of the parties in the admin: open for their duties, narrowed, masked, with few queries."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.organization.terms import Duty
from tests.factories.institutions import a_capability, an_agreement
from tests.factories.people import JIANGYOU, a_clerk, a_person, a_recognition, an_enrollment
from tests.factories.relief import a_status

pytestmark = pytest.mark.django_db

LISTS = (
    "enrollment/person",
    "enrollment/enrollment",
    "enrollment/chronicrecognition",
    "institutions/institution",
    "institutions/agreement",
    "relief/reliefstatus",
)


@pytest.fixture(autouse=True)
def some_of_everything() -> None:
    for number in range(3):
        person = a_person(name=f"王{number}")
        enrollment = an_enrollment(person)
        a_recognition(person, valid_from=enrollment.valid_from)
        a_status(person)
        a_capability(an_agreement().institution)


@pytest.mark.parametrize("address", LISTS)
def test_a_list_opens_masked_with_at_most_ten_queries(
    address: str, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(a_clerk("clerk", Duty.COUNTER))
    with django_assert_max_num_queries(10):
        answer = client.get(f"/admin/{address}/")
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert not re.search(r"[0-9]{17}[0-9X]", shown)
    opened = re.search(rf"/admin/{address}/\d+/change/", shown)
    assert opened is not None
    assert client.get(opened[0]).status_code == 200


@pytest.mark.parametrize("address", LISTS)
def test_another_county_sees_nothing(address: str, client: Client) -> None:
    client.force_login(a_clerk("stranger", Duty.COUNTER, area_code=JIANGYOU))
    assert "/change/" not in client.get(f"/admin/{address}/").content.decode()


@pytest.mark.parametrize("address", LISTS)
def test_without_duty_nobody_enters(address: str, client: Client) -> None:
    client.force_login(a_clerk("nobody"))
    assert client.get(f"/admin/{address}/").status_code == 403


BY_NAME = ("enrollment/person", "enrollment/enrollment", "enrollment/chronicrecognition", "relief/reliefstatus")


@pytest.mark.parametrize("address", BY_NAME)
def test_a_name_is_sent_and_no_address_bears_it(address: str, client: Client) -> None:
    client.force_login(a_clerk("clerk", Duty.COUNTER))
    table = f"/admin/{address}/"

    answer = client.post(f"{table}?o=1&p=2", {"q": " 王1 "})

    assert (answer.status_code, answer["Location"]) == (302, f"{table}?o=1&q=~")
    shown = client.get(answer["Location"]).content.decode()
    assert shown.count("/change/") == 1
    assert 'value="王1"' in shown and "王0" not in shown
    assert "%E7%8E%8B1" not in shown and "q=王1" not in shown
    assert 'method="post"' in shown

    # An address that asks by itself finds the list as it is; so does the sign of words nobody has sent.
    assert client.get(f"{table}?q=王1").content.decode().count("/change/") == 3
    other = Client()
    other.force_login(a_clerk("other", Duty.COUNTER))
    assert other.get(f"{table}?q=~").content.decode().count("/change/") == 3

    assert client.post(f"{table}?q=~", {"q": ""})["Location"] == table
    assert client.get(table).content.decode().count("/change/") == 3


def test_whoever_sees_no_table_searches_none(client: Client) -> None:
    client.force_login(a_clerk("system", Duty.SYSTEM))
    assert client.post("/admin/enrollment/person/", {"q": "王1"}).status_code == 403
    assert "portal.searched" not in client.session


def test_what_was_searched_leaves_as_it_is_shown(client: Client) -> None:
    client.force_login(a_clerk("clerk", Duty.COUNTER))
    shown = client.post("/admin/enrollment/person/", {"q": "王2"})["Location"]

    page = client.get(shown.replace("?", "export/?")).content.decode()

    assert "导出人员 1 行" in page or "1 行。" in page
    assert "查询词：王2" in page

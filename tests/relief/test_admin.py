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

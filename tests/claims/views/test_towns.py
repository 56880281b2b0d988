"""A person who is insured in a town: the town's clerk sees the file and the calculation as the county's does."""

from __future__ import annotations

import pytest
from django.test import Client

from bureau.kernel.terms import Care
from bureau.organization.terms import Duty
from claims.models import Adjudication, Claim
from tests.factories import month, people

pytestmark = pytest.mark.django_db
TOWN = "510704102"


@pytest.mark.parametrize("area", [TOWN, people.YOUXIAN])
def test_a_town_and_its_county_open_person_and_claim(area: str) -> None:
    person = people.a_person(area_code=TOWN)
    people.an_enrollment(person, area_code=TOWN)
    hospital = month.a_paid_hospital()
    month.filed(hospital, month.Bill("ZY-1", person, "20000.00", Care.INPATIENT))
    month.adjudicated()
    client = Client()
    client.force_login(people.a_clerk("", Duty.COUNTER, area_code=area))

    assert Claim.objects.get().area_id == Adjudication.objects.get().area_id == TOWN
    assert Adjudication.objects.get().facts["insured_area"] == people.YOUXIAN
    # 60 % of 20,000.00 less 800.00.
    for page in (f"/people/{person.pk}/", f"/claims/sheet/{hospital.code}/ZY-1/", f"/claims/{hospital.code}/ZY-1/"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert "11,520.00" in answer.content.decode(), page

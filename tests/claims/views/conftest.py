"""A month with every layer in it, worked by hand, and who looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from django.test import Client

from bureau.kernel.terms import Care, Level, ReliefCategory, Scheme
from bureau.organization.models import Staff
from bureau.organization.terms import Duty
from enrollment.models import Person
from institutions.models import Institution
from tests.factories import month, people, relief


@dataclass(frozen=True)
class May:
    """Who and where."""

    first: Institution
    second: Institution
    worker: Person
    poor: Person
    stranger: Person


def a_may() -> May:
    """
    H…1 in Youxian: an employee's outpatient claim, 1,000.20, pooled 400.10.
    H…2 in Jiangyou: a poor resident's inpatient claim, 60,000.00: pooled 44,700.00, major illness 5,070.00,
    assistance 7,161.00, own 3,069.00; and a resident of Jiangyou, outpatient, 2,400.00, pooled 300.00.
    One row is refused.
    """
    first = month.a_paid_hospital(code="H51070400001")
    second = month.a_paid_hospital(code="H51078100002", level=Level.SECONDARY, area_code=people.JIANGYOU)
    worker, poor = people.a_person(), people.a_person()
    stranger = people.a_person(area_code=people.JIANGYOU)
    people.an_enrollment(worker, scheme=Scheme.EMPLOYEE)
    people.an_enrollment(poor)
    people.an_enrollment(stranger, area_code=people.JIANGYOU)
    relief.a_status(poor, ReliefCategory.SUBSISTENCE)
    month.the_law()
    month.filed(
        first,
        month.Bill("MZ-1", worker, "1000.20"),
        month.Bill("MZ-2", worker, "80.00", name="=cmd|'x'!A1"),
    )
    month.filed(
        second,
        month.Bill("ZY-1", poor, "60000.00", Care.INPATIENT, date(2023, 5, 21)),
        month.Bill("MZ-9", stranger, "2400.00"),
    )
    assert month.adjudicated().problems == 0
    return May(first, second, worker, poor, stranger)


@pytest.fixture
def may() -> May:
    return a_may()


@pytest.fixture
def reviewer() -> Staff:
    """First review in Youxian."""
    return people.a_clerk("review-youxian", Duty.REVIEW_FIRST)


@pytest.fixture
def signed_in() -> Callable[[Staff], Client]:
    """A client that has signed in."""

    def enter(by: Staff) -> Client:
        client = Client()
        client.force_login(by)
        return client

    return enter

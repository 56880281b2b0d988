"""Coverage begins, changes with retirement, ends."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Employment, Scheme
from enrollment.models import Enrollment
from enrollment.selectors.coverage import coverage_on
from enrollment.services import enrollments
from tests.factories.people import YOUXIAN, a_clerk, a_person, an_enrollment

pytestmark = pytest.mark.django_db


def test_retirement_ends_one_stretch_and_begins_another_on_the_same_day() -> None:
    working = an_enrollment(scheme=Scheme.EMPLOYEE, valid_from=date(2020, 1, 1))
    enrollments.retire(enrollment_id=working.pk, retired_on=date(2023, 5, 1), by=a_clerk())

    assert coverage_on(working.person, date(2023, 4, 30)).employment == Employment.IN_SERVICE
    assert coverage_on(working.person, date(2023, 5, 1)).employment == Employment.RETIRED


def test_a_retired_employee_cannot_retire_again() -> None:
    retired = an_enrollment(scheme=Scheme.EMPLOYEE, employment=Employment.RETIRED)
    with pytest.raises(BusinessError) as refused:
        enrollments.retire(enrollment_id=retired.pk, retired_on=date(2023, 5, 1), by=a_clerk())
    assert refused.value.code == "enrollment.not_in_service"


def test_nobody_is_enrolled_twice_on_one_day() -> None:
    standing = an_enrollment()
    with pytest.raises(BusinessError) as refused:
        enrollments.enroll(
            person_id=standing.person_id,
            scheme=Scheme.EMPLOYEE,
            employment=Employment.IN_SERVICE,
            area_code=YOUXIAN,
            valid_from=date(2023, 6, 1),
            by=a_clerk(),
        )
    assert refused.value.code == "enrollment.already_enrolled"


def test_the_database_itself_refuses_two_enrollments_on_one_day() -> None:
    standing = an_enrollment()
    with pytest.raises(IntegrityError, match="enrolled_once_at_a_time"), transaction.atomic():
        an_enrollment(standing.person, valid_from=date(2023, 3, 1))


def test_an_employee_without_employment_is_refused() -> None:
    with pytest.raises(BusinessError) as refused:
        enrollments.enroll(
            person_id=a_person().pk,
            scheme=Scheme.EMPLOYEE,
            area_code=YOUXIAN,
            valid_from=date(2023, 1, 1),
            by=a_clerk(),
        )
    assert refused.value.code == "enrollment.employment_missing"


def test_after_termination_the_day_itself_is_not_covered() -> None:
    standing = an_enrollment()
    enrollments.terminate(enrollment_id=standing.pk, valid_until=date(2023, 6, 1), reason="迁出", by=a_clerk())
    assert coverage_on(standing.person, date(2023, 5, 31)).is_covered
    assert not coverage_on(standing.person, date(2023, 6, 1)).is_covered


def test_many_enrollments_come_at_once_and_twice_is_no_news() -> None:
    clerk = a_clerk()
    rows = [
        enrollments.EnrollmentRow(a_person(by=clerk).id_number, "resident", "", YOUXIAN, date(2023, 1, 1))
        for _ in range(20)
    ]
    assert enrollments.enroll_many(rows, by=clerk) == 20
    assert enrollments.enroll_many(rows, by=clerk) == 0
    assert Enrollment.objects.count() == 20

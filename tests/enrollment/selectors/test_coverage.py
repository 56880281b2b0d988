"""Who is covered on a day, for many people in one query."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.kernel.terms import Scheme
from enrollment.selectors import coverage
from enrollment.services import people
from enrollment.terms import RefusedCoverage
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, a_person, a_recognition, an_enrollment, an_id_number

pytestmark = pytest.mark.django_db


def test_a_covered_day_gives_scheme_area_and_the_number_of_recognized_diseases() -> None:
    person = a_person()
    an_enrollment(person, scheme=Scheme.EMPLOYEE, area_code=JIANGYOU)
    a_recognition(person, "M03900", valid_from=date(2023, 3, 1))
    a_recognition(person, "M01600", valid_from=date(2023, 4, 1))

    facts = coverage.facts_for([(person.id_number, date(2023, 3, 31)), (person.id_number, date(2023, 4, 1))])

    march, april = (facts[person.id_number, day] for day in (date(2023, 3, 31), date(2023, 4, 1)))
    assert (march.scheme, march.employment, march.insured_area, march.chronic_count) == (
        "employee",
        "in_service",
        JIANGYOU,
        1,
    )
    assert (april.chronic_count, april.refusal, april.area_code) == (2, None, YOUXIAN)


def test_a_day_before_enrollment_is_refused_as_not_enrolled() -> None:
    person = an_enrollment(valid_from=date(2023, 7, 1)).person
    assert coverage.coverage_on(person, date(2023, 6, 30)).refusal is RefusedCoverage.NOT_ENROLLED
    assert coverage.coverage_on(person, date(2023, 7, 1)).is_covered


def test_the_day_of_death_is_covered_and_the_next_is_not() -> None:
    person = an_enrollment().person
    people.record_death(person_id=person.pk, deceased_on=date(2023, 5, 10), by=a_clerk())
    facts = coverage.facts_by_person([(person.pk, date(2023, 5, 10)), (person.pk, date(2023, 5, 11))])
    assert facts[person.pk, date(2023, 5, 10)].is_covered
    assert facts[person.pk, date(2023, 5, 11)].refusal is RefusedCoverage.DECEASED


def test_an_unknown_person_is_absent() -> None:
    assert coverage.facts_for([(an_id_number(), date(2023, 5, 1))]) == {}


def test_any_number_of_pairs_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    clerk = a_clerk()
    numbers = [an_enrollment(a_person(by=clerk)).person.id_number for _ in range(30)]
    with django_assert_num_queries(1):
        assert len(coverage.facts_for([(number, date(2023, 5, 1)) for number in numbers])) == 30


def test_many_are_known_by_number_with_who_insures_them_that_day(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    clerk = a_clerk()
    insured = an_enrollment(a_person(by=clerk), area_code=JIANGYOU, valid_from=date(2023, 2, 1)).person
    dead = a_person(by=clerk)
    people.record_death(person_id=dead.pk, deceased_on=date(2023, 1, 10), by=clerk)
    with django_assert_num_queries(1):
        known = coverage.known_on([insured.id_number, dead.id_number, an_id_number()], date(2023, 1, 31))
    assert known == {
        insured.id_number: (insured.pk, insured.name, None, "", ""),
        dead.id_number: (dead.pk, dead.name, date(2023, 1, 10), "", ""),
    }
    assert coverage.known_on([insured.id_number], date(2023, 2, 1))[insured.id_number].insured_area == JIANGYOU

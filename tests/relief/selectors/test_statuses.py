"""Who is helped on a day, for many people in one query."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from bureau.kernel.terms import ReliefCategory
from relief.selectors import statuses
from tests.factories.people import a_person
from tests.factories.relief import a_status

pytestmark = pytest.mark.django_db


def test_of_several_statuses_the_highest_counts() -> None:
    person = a_person()
    a_status(person, ReliefCategory.OTHER, source="disabled_federation")
    a_status(person, ReliefCategory.MARGINAL)
    found = statuses.status_on(person.pk, date(2023, 5, 1))
    assert found is not None
    assert found.category == ReliefCategory.MARGINAL


def test_a_status_counts_from_its_first_day_until_the_day_before_its_end() -> None:
    person = a_status(valid_from=date(2023, 5, 1), valid_until=date(2023, 6, 1)).person
    days = [date(2023, 4, 30), date(2023, 5, 1), date(2023, 5, 31), date(2023, 6, 1)]
    found = statuses.categories_for([(person.pk, day) for day in days])
    assert sorted(day for _, day in found) == [date(2023, 5, 1), date(2023, 5, 31)]


def test_any_number_of_pairs_takes_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [a_status().person for _ in range(10)]
    with django_assert_num_queries(1):
        found = statuses.categories_for([(person.pk, date(2023, 5, 1)) for person in people])
    assert set(found.values()) == {ReliefCategory.SUBSISTENCE}


def test_the_database_refuses_overlapping_statuses_of_one_source_and_category() -> None:
    person = a_status().person
    with pytest.raises(IntegrityError, match="one_status_per_source_and_category"), transaction.atomic():
        a_status(person, valid_from=date(2023, 6, 1))


def test_the_same_category_from_another_source_may_stand_beside_it() -> None:
    person = a_status().person
    a_status(person, source="rural_affairs")
    assert statuses.statuses_of(person.pk).count() == 2


def test_the_standing_list_holds_each_person_once_with_all_categories() -> None:
    person = a_status().person
    a_status(person, ReliefCategory.OTHER)
    a_status(source="rural_affairs")
    [listed] = statuses.standing_list("civil_affairs", "510704", date(2023, 5, 1)).values()
    assert (listed.id_number, listed.categories) == (person.id_number, ("subsistence", "other"))

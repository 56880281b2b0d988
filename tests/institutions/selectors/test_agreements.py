"""The standing of many institutions on many days in one query."""

from __future__ import annotations

from datetime import date

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from institutions.selectors.agreements import standing_for
from tests.factories.institutions import a_capability, a_hospital, an_agreement
from tests.factories.people import YOUXIAN

pytestmark = pytest.mark.django_db


def test_standing_says_level_area_agreement_and_capabilities(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    bound = an_agreement(valid_until=date(2023, 7, 1)).institution
    a_capability(bound)
    unbound = a_hospital()
    wanted = [(bound.code, date(2023, 6, 30)), (bound.code, date(2023, 7, 1)), (unbound.code, date(2023, 6, 30))]

    with django_assert_num_queries(1):
        found = standing_for([*wanted, ("H51070499999", date(2023, 6, 30))])

    assert [found[pair].has_agreement for pair in wanted] == [True, False, False]
    june = found[wanted[0]]
    assert (june.level, june.kind, june.area_code, june.capabilities) == ("secondary", "hospital", YOUXIAN, {"chronic"})
    assert len(found) == 3

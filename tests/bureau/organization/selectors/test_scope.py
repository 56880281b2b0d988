"""The one function that narrows rows to an area."""

from __future__ import annotations

import pytest

from bureau.organization.models import Office, Staff
from bureau.organization.selectors import scope
from bureau.organization.services import areas, offices
from bureau.organization.terms import AreaLevel, OfficeKind
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk

pytestmark = pytest.mark.django_db


def names_seen_by(by: Staff) -> set[str]:
    return set(scope.narrow(Office.objects.all(), by).values_list("name", flat=True))


def test_a_city_sees_all_a_county_its_towns_a_town_itself() -> None:
    by = a_clerk(area_code="510700")
    areas.load([("510100", "成都市", AreaLevel.OUTSIDE, None)], by=None)
    rows = [
        ("510700", "市"),
        ("510100", "市外"),
        (YOUXIAN, "县"),
        (JIANGYOU, "邻县"),
        ("510704102", "镇"),
        ("510704103", "邻镇"),
    ]
    offices.load([(code, name, OfficeKind.AGENCY) for code, name in rows], by=None)

    assert names_seen_by(by) == {"市", "市外", "县", "邻县", "镇", "邻镇"}
    assert names_seen_by(a_clerk(area_code=YOUXIAN)) == {"县", "镇", "邻镇"}
    assert names_seen_by(a_clerk(area_code="510704102")) == {"镇"}


def test_who_stands_in_no_area_sees_nothing() -> None:
    by = a_clerk()
    by.area = None

    assert names_seen_by(by) == set()


def test_narrowing_joins_no_table() -> None:
    assert "JOIN" not in str(scope.narrow(Office.objects.order_by(), a_clerk()).query)

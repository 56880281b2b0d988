"""Loading areas and offices."""

from __future__ import annotations

import pytest

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Area
from bureau.organization.services import areas, offices
from bureau.organization.terms import AreaLevel, OfficeKind
from bureau.trail.models import ActionLog

pytestmark = pytest.mark.django_db
ROWS = [
    ("510704121", "小枧镇", AreaLevel.TOWN, "510704"),
    ("510704", "游仙区", AreaLevel.COUNTY, "510700"),
    ("510700", "绵阳市", AreaLevel.CITY, None),
    ("510100", "成都市", AreaLevel.OUTSIDE, None),
]


def test_areas_load_from_the_top_down_and_only_once() -> None:
    assert areas.load(ROWS, by=None) == 4
    assert areas.load(ROWS, by=None) == 0
    assert Area.objects.get(code="510704121").parent_id == "510704"
    assert ActionLog.objects.count() == 1


def test_a_renamed_area_is_the_only_one_touched() -> None:
    areas.load(ROWS, by=None)

    assert areas.load([("510704121", "小枧沟镇", AreaLevel.TOWN, "510704")], by=None) == 1
    assert Area.objects.get(code="510704121").name == "小枧沟镇"


@pytest.mark.parametrize(
    "row",
    [
        ("510781", "江油市", AreaLevel.COUNTY, None),
        ("511002", "市中区", AreaLevel.COUNTY, "510700"),
        ("510781106", "武都镇", AreaLevel.TOWN, "510704"),
        ("5107", "绵阳", AreaLevel.CITY, None),
    ],
)
def test_an_area_in_the_wrong_place_is_refused(row: tuple[str, str, AreaLevel, str | None]) -> None:
    with pytest.raises(BusinessError, match=r"organization\.area"):
        areas.load([*ROWS, row], by=None)


def test_offices_load_once_and_need_their_area() -> None:
    areas.load(ROWS, by=None)
    rows = [("510704", "经办窗口", OfficeKind.AGENCY), ("510704", "医疗保障局", OfficeKind.BUREAU)]

    first = offices.load(rows, by=None)
    again = offices.load(rows, by=None)

    assert {key: office.pk for key, office in first.items()} == {key: office.pk for key, office in again.items()}
    with pytest.raises(BusinessError, match=r"organization\.area_unknown"):
        offices.load([("519999", "窗口", OfficeKind.AGENCY)], by=None)

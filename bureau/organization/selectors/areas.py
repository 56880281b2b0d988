"""The city, its counties and towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.models import Area, Office
from bureau.organization.terms import AreaLevel, OfficeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bureau.organization.models import Staff


def city_area() -> Area:
    """The one city whose portal this is."""
    return Area.objects.get(level=AreaLevel.CITY)


def towns_of(county_code: str) -> dict[str, str]:
    """Town names of a county with their codes."""
    return dict(Area.objects.filter(level=AreaLevel.TOWN, parent_id=county_code).values_list("name", "code"))


def known_areas(codes: Iterable[str]) -> set[str]:
    """Those of `codes` that are areas of ours or known outside ones."""
    return set(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def counties_of(by: Staff) -> list[tuple[str, str]]:
    """Codes and names of the counties in the area of `by`: all of them for the city, one for a county."""
    if by.area is None:
        return []
    counties = Area.objects.filter(level=AreaLevel.COUNTY, code__startswith=by.area.prefix)
    return list(counties.order_by("code").values_list("code", "name"))


def below(by: Staff) -> list[tuple[str, str]]:
    """Codes and names of the areas that `by` may choose among: the counties of a city, the towns of a county."""
    if by.area is None:
        return []
    return list(Area.objects.filter(parent=by.area).order_by("code").values_list("code", "name"))


def name_of(code: str) -> str:
    """The name of an area; its code where it is none of ours."""
    return Area.objects.filter(code=code).values_list("name", flat=True).first() or code


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Code → name of those that are areas of ours, in one query."""
    return dict(Area.objects.filter(code__in=set(codes)).values_list("code", "name"))


def agency_of(code: str) -> str:
    """The office of an area to which citizens turn: its first agency by name, or the area's agency in general."""
    agencies = Office.objects.filter(area_id=code, kind=OfficeKind.AGENCY.value).order_by("name")
    return agencies.values_list("name", flat=True).first() or f"{name_of(code)}医疗保障经办机构"


def all_names() -> dict[str, str]:
    """Code → name of every area."""
    return dict(Area.objects.values_list("code", "name"))

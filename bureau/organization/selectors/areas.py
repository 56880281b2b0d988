"""The city, its counties and towns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.models import Area
from bureau.organization.terms import AreaLevel

if TYPE_CHECKING:
    from collections.abc import Iterable


def city_area() -> Area:
    """The one city whose portal this is."""
    return Area.objects.get(level=AreaLevel.CITY)


def towns_of(county_code: str) -> dict[str, str]:
    """Town names of a county with their codes."""
    return dict(Area.objects.filter(level=AreaLevel.TOWN, parent_id=county_code).values_list("name", "code"))


def known_areas(codes: Iterable[str]) -> set[str]:
    """Those of `codes` that are areas of ours or known outside ones."""
    return set(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))


def names(codes: Iterable[str]) -> dict[str, str]:
    """Code → name for those of `codes` that are known."""
    return dict(Area.objects.filter(code__in=list(codes)).values_list("code", "name"))

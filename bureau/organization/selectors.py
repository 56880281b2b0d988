"""Which records a staff member may see: one function narrows every queryset that reaches a screen."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from bureau.fields import valid_on
from bureau.organization.models import Area, DutyAssignment, Staff
from bureau.organization.terms import AreaLevel, Duty

if TYPE_CHECKING:
    from collections.abc import Iterable

M = TypeVar("M", bound=Model)


def narrow(queryset: QuerySet[M], by: Staff, *, path: str = "area") -> QuerySet[M]:
    """The rows of `queryset` whose owning area (reached by `path`) lies in the area of `by`; no area, no rows."""
    if by.area is None:
        return queryset.none()
    return queryset.filter(**{f"{path}_id__startswith": by.area.prefix})


def has_duty(by: Staff, *duties: Duty, on: date | None = None) -> bool:
    """Whether `by` holds one of `duties` on the day (today when not given)."""
    return bool(duties_of(by, on=on) & {str(duty) for duty in duties})


def duties_of(by: Staff, *, on: date | None = None) -> set[str]:
    """The codes of the duties held on the day."""
    day = on or timezone.localdate()
    return set(DutyAssignment.objects.filter(valid_on(day), staff=by).values_list("duty", flat=True))


def staff_named(username: str) -> Staff | None:
    """An active staff member by user name."""
    return Staff.objects.select_related("area").filter(username=username, is_active=True).first()


def city_area() -> Area:
    """The one city whose portal this is."""
    return Area.objects.get(level=AreaLevel.CITY)


def towns_of(county_code: str) -> dict[str, str]:
    """Town names of a county with their codes."""
    return dict(Area.objects.filter(level=AreaLevel.TOWN, parent_id=county_code).values_list("name", "code"))


def known_areas(codes: Iterable[str]) -> set[str]:
    """Those of `codes` that are areas of ours or known outside ones."""
    return set(Area.objects.filter(code__in=list(codes)).values_list("code", flat=True))

"""Which records a staff member may see: one function narrows every queryset that reaches a screen.

The city sees all: what belongs to places outside (hospitals elsewhere that treat our people) is the city's to handle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet

from bureau.organization.terms import AreaLevel

if TYPE_CHECKING:
    from bureau.organization.models import InstitutionKey, Staff

M = TypeVar("M", bound=Model)


def narrow(queryset: QuerySet[M], by: Staff, *, path: str = "area") -> QuerySet[M]:
    """The rows of `queryset` whose owning area (reached by `path`) lies in the area of `by`; no area, no rows."""
    if by.area is None:
        return queryset.none()
    if is_city(by):
        return queryset
    return queryset.filter(**_between(f"{path}__code", by.area.prefix))


def narrow_codes(queryset: QuerySet[M], by: Staff, *, column: str = "area_code") -> QuerySet[M]:
    """The same for tables that keep the area as a plain code (the trail's)."""
    if by.area is None:
        return queryset.none()
    if is_city(by):
        return queryset
    return queryset.filter(**_between(column, by.area.prefix))


def of_institution(queryset: QuerySet[M], by: InstitutionKey, *, path: str = "institution") -> QuerySet[M]:
    """The rows of the one institution that a key speaks for."""
    return queryset.filter(**{f"{path}__code": by.institution_code})


def covers(by: Staff, area_code: str) -> bool:
    """Whether the area with this code lies in the area of `by`."""
    return by.area is not None and (is_city(by) or area_code.startswith(by.area.prefix))


def is_city(by: Staff) -> bool:
    """Whether `by` works for the city as a whole."""
    return by.area is not None and by.area.level == AreaLevel.CITY


def _between(column: str, prefix: str) -> dict[str, str]:
    """Codes with this beginning, as a range: an index serves it behind row-level security too, where LIKE gets none."""
    return {f"{column}__gte": prefix, f"{column}__lt": f"{prefix}z"}

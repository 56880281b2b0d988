"""Records of an institution belong to its area; those of places outside the city are for the city to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model, QuerySet

from bureau.organization.selectors import scope
from bureau.organization.terms import AreaLevel

if TYPE_CHECKING:
    from bureau.organization.models import Staff

M = TypeVar("M", bound=Model)


def of_institutions(rows: QuerySet[M], by: Staff, *, path: str = "area") -> QuerySet[M]:
    """The rows that `by` may see by the area of the institution."""
    return rows if is_city(by) else scope.narrow(rows, by, path=path)


def of_institution_codes(rows: QuerySet[M], by: Staff, *, column: str = "area_code") -> QuerySet[M]:
    """The same for tables that keep the area as a plain code."""
    return rows if is_city(by) else scope.narrow_codes(rows, by, column=column)


def is_city(by: Staff) -> bool:
    """Whether `by` works for the city as a whole."""
    return by.area is not None and by.area.level == AreaLevel.CITY

"""The directory of institutions, as far as a staff member may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.selectors.scope import narrow
from institutions.models import Institution

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def by_code(code: str) -> Institution | None:
    """The institution with this code, wherever it is."""
    return Institution.objects.select_related("area").filter(code=code).first()


def by_codes(codes: Iterable[str]) -> dict[str, Institution]:
    """Code → institution for those that are known, in one query."""
    return {found.code: found for found in Institution.objects.filter(code__in=set(codes))}


def visible_to(by: Staff) -> QuerySet[Institution]:
    """The institutions `by` may open."""
    return narrow(Institution.objects.select_related("area"), by)

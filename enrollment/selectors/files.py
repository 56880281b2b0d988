"""The list of people as a desk shows it: who is insured how on a day, filtered, within what one may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Subquery

from bureau.fields import valid_on
from enrollment.models import ChronicRecognition, Enrollment
from enrollment.selectors import people

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from enrollment.models import Person


def listed(
    *, by: Staff, on: date, scheme: str = "", area_code: str = "", only_poor: bool = False, only_chronic: bool = False
) -> QuerySet[Person]:
    """People with the `scheme` and `employment` that insure them on the day; `none` asks for those without."""
    covering = Enrollment.objects.filter(valid_on(on), person=OuterRef("pk"))
    rows = people.visible_to(by)
    if scheme == "none":
        rows = rows.filter(~Exists(covering))
    elif scheme:
        rows = rows.filter(Exists(covering.filter(scheme=scheme)))
    if area_code:
        rows = rows.filter(area__code__startswith=area_code)
    if only_poor:
        rows = rows.filter(is_registered_poor=True)
    if only_chronic:
        rows = rows.filter(Exists(ChronicRecognition.objects.filter(valid_on(on), person=OuterRef("pk"))))
    return with_coverage(rows, on=on)


def with_coverage(rows: QuerySet[Person], *, on: date) -> QuerySet[Person]:
    """The same rows with `scheme` and `employment` of the day; a count leaves them out."""
    covering = Enrollment.objects.filter(valid_on(on), person=OuterRef("pk"))
    return rows.annotate(
        scheme=Subquery(covering.values("scheme")[:1]), employment=Subquery(covering.values("employment")[:1])
    )

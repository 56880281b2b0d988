"""Find people: by ID number, one or many, and as far as a staff member may see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from bureau.organization.selectors.scope import narrow
from enrollment.models import ChronicRecognition, Enrollment, Opening, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bureau.organization.models import Staff

# As in `migrations/0004_openings.sql`.
OPEN_FOR = timedelta(hours=1)


def by_id_number(id_number: str) -> Person | None:
    """The person with this ID number, in whatever county; for services, not for screens."""
    return Person.objects.select_related("area").filter(id_number=id_number).first()


def by_id_numbers(id_numbers: Iterable[str]) -> dict[str, int]:
    """ID number → person key for those that are known, in one query."""
    return dict(Person.objects.filter(id_number__in=set(id_numbers)).values_list("id_number", "id"))


def visible_to(by: Staff) -> QuerySet[Person]:
    """The people whose file `by` may open."""
    return narrow(Person.objects.select_related("area"), by)


def openable(by: Staff) -> QuerySet[Person]:
    """The people whose file `by` may open, those of other counties included that were opened within the hour."""
    return visible_to(by) | Person.objects.select_related("area").filter(pk__in=opened_by(by))


def opened_by(by: Staff) -> QuerySet[Opening, int | None]:
    """Whom `by` has looked up across counties within the hour."""
    recent = Opening.objects.filter(staff=by, opened_at__gt=timezone.now() - OPEN_FOR, person__isnull=False)
    return recent.order_by().values_list("person_id", flat=True)


def search(text: str, *, by: Staff) -> QuerySet[Person]:
    """People by exact ID number or by the beginning of a name, within what `by` may see."""
    wanted = text.strip()
    people = visible_to(by)
    if not wanted:
        return people.none()
    if wanted[:6].isdigit():
        return people.filter(id_number=wanted.upper())
    return people.filter(name__startswith=wanted)


def enrollments_of(person: Person) -> QuerySet[Enrollment]:
    """Every stretch of coverage, the latest first."""
    return Enrollment.objects.select_related("area").filter(person=person).order_by("-valid_from")


def recognitions_of(person: Person) -> QuerySet[ChronicRecognition]:
    """Every chronic recognition, the latest first."""
    return ChronicRecognition.objects.filter(person=person).order_by("-valid_from", "disease_code")

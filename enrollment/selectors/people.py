"""Find people: by ID number, one or many, and as far as a staff member may see."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from bureau.fields.encrypted import blind_index, decrypt
from bureau.organization.selectors.scope import narrow
from bureau.trail import selectors as trail
from enrollment.models import ID_CONTEXT, PHONE_CONTEXT, ChronicRecognition, Enrollment, Person

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bureau.organization.models import Staff

# As in `migrations/0005_openings.sql`.
OPEN_FOR = timedelta(hours=1)


def id_index(id_number: str) -> bytes:
    """The keyed index under which a person's ID number is found, in the tables of people and of rosters alike."""
    return blind_index(id_number, ID_CONTEXT)


def decrypted_id(encrypted: bytes) -> str:
    """An ID number that raw SQL has read from the file of a person."""
    return decrypt(encrypted, ID_CONTEXT)


def decrypted_phone(encrypted: bytes) -> str:
    """The same of a telephone number."""
    return decrypt(encrypted, PHONE_CONTEXT)


def by_id_number(id_number: str) -> Person | None:
    """The person with this ID number, in whatever county; for services, not for screens."""
    return Person.objects.select_related("area").filter(id_index=id_index(id_number)).first()


def by_id_numbers(id_numbers: Iterable[str]) -> dict[str, int]:
    """ID number → person key for those that are known, in one query and without decrypting any."""
    numbers = {id_index(id_number): id_number for id_number in id_numbers}
    found = Person.objects.filter(id_index__in=list(numbers)).values_list("id_index", "id")
    return {numbers[bytes(index)]: person_id for index, person_id in found}


def visible_to(by: Staff) -> QuerySet[Person]:
    """The people whose file `by` may open."""
    return narrow(Person.objects.select_related("area"), by)


def openable(by: Staff) -> QuerySet[Person]:
    """The people whose file `by` may open, those of other counties included that were opened within the hour."""
    opened = trail.opened_by(by, timezone.now() - OPEN_FOR)
    return visible_to(by) | Person.objects.select_related("area").filter(pk__in=opened)


def search(text: str, *, by: Staff) -> QuerySet[Person]:
    """People by the beginning of a name, within what `by` may see; an ID number is asked for by `services.lookups`."""
    wanted = text.strip()
    people = visible_to(by)
    if not wanted or is_id_number(wanted):
        return people.none()
    return people.filter(name__startswith=wanted)


def is_id_number(text: str) -> bool:
    """Whether what was typed is meant as an ID number."""
    return text.strip()[:6].isdigit()


def enrollments_of(person: Person) -> QuerySet[Enrollment]:
    """Every stretch of coverage, the latest first."""
    return Enrollment.objects.select_related("area").filter(person=person).order_by("-valid_from")


def recognitions_of(person: Person) -> QuerySet[ChronicRecognition]:
    """Every chronic recognition, the latest first."""
    return ChronicRecognition.objects.filter(person=person).order_by("-valid_from", "disease_code")

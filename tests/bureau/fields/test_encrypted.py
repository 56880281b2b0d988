"""Encrypted columns: no plaintext in the table, nothing to be asked of them but through the keyed index."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from bureau.fields.encrypted import blind_index
from bureau.kernel.errors import BusinessError
from enrollment.models import ID_CONTEXT, Person
from relief.models import RosterEntry
from tests.factories.people import a_person

pytestmark = pytest.mark.django_db

NUMBER = "51070419760824187X"


def stored(person: Person) -> tuple[bytes, bytes, bytes]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, id_index, phone FROM enrollment_person WHERE id = %s", [person.pk])
        return tuple(bytes(value) for value in cursor.fetchone())


def test_the_table_holds_no_digits_of_the_number() -> None:
    person = a_person(id_number=NUMBER)
    encrypted, index, phone = stored(person)

    assert NUMBER.encode() not in encrypted
    assert (encrypted[:3], len(encrypted), len(index), phone) == (b"\x01\x00\x01", 49, 16, b"")
    assert index == blind_index(NUMBER, ID_CONTEXT)
    assert Person.objects.get(pk=person.pk).id_number == NUMBER


@pytest.mark.parametrize(
    "lookup", ["exact", "iexact", "startswith", "contains", "regex", "gt", "lt", "range", "in", "length"]
)
@pytest.mark.parametrize("column", ["id_number", "phone", "person__phone"])
def test_an_encrypted_column_answers_no_question(column: str, lookup: str) -> None:
    model = RosterEntry if "__" in column else Person
    with pytest.raises((FieldError, TypeError)):
        list(model.objects.filter(**{f"{column}__{lookup}": "510"}))


@pytest.mark.parametrize("lookup", ["startswith", "contains", "gt", "lt", "range"])
def test_an_index_is_asked_for_equality_alone(lookup: str) -> None:
    with pytest.raises(FieldError):
        list(Person.objects.filter(**{f"id_index__{lookup}": b"1"}))


def test_no_text_from_an_address_can_be_tried_on_the_index() -> None:
    a_person(id_number=NUMBER)
    with pytest.raises(TypeError):
        list(Person.objects.filter(id_index=NUMBER))


def test_the_table_refuses_plain_text() -> None:
    person = a_person(id_number=NUMBER)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE enrollment_person SET phone = '13800001234'::bytea WHERE id = %s", [person.pk])


def test_a_ciphertext_moved_to_another_column_is_not_read() -> None:
    person = a_person(id_number=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE enrollment_person SET phone = id_number WHERE id = %s", [person.pk])
    with pytest.raises(BusinessError, match=r"ciphers\.unreadable"):
        Person.objects.get(pk=person.pk)


def test_two_people_cannot_have_one_number_although_no_ciphertext_is_the_same() -> None:
    first = a_person(id_number=NUMBER)
    with pytest.raises(IntegrityError, match="id_index"), transaction.atomic():
        Person.objects.create(id_number=NUMBER, name="乙", gender="male", born_on=first.born_on, area_id=first.area_id)


def test_an_update_of_many_encrypts_too() -> None:
    person = a_person(id_number=NUMBER)
    Person.objects.update(phone="13800001234")

    assert b"13800001234" not in stored(person)[2]
    assert Person.objects.get(pk=person.pk).phone == "13800001234"

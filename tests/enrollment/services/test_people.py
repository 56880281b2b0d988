"""Registering people and keeping their file true."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.kernel.errors import BusinessError
from bureau.trail.models import ActionLog
from enrollment.models import Person
from enrollment.services import people
from tests.factories.people import YOUXIAN, a_clerk, a_person, an_id_number

pytestmark = pytest.mark.django_db


def test_birth_and_gender_follow_from_the_id_number() -> None:
    person = people.register_person(id_number="51070419760824187X", name="朱丽芳", area_code=YOUXIAN, by=a_clerk())
    assert (person.born_on, person.gender) == (date(1976, 8, 24), "male")


def test_a_wrong_check_digit_is_refused() -> None:
    with pytest.raises(BusinessError) as refused:
        people.register_person(id_number="510704197608241878", name="朱丽芳", area_code=YOUXIAN, by=a_clerk())
    assert refused.value.code == "identity.checksum"


def test_an_old_id_of_15_digits_is_kept_as_18() -> None:
    person = people.register_person(id_number="510704760824187", name="朱丽芳", area_code=YOUXIAN, by=a_clerk())
    assert person.id_number == "51070419760824187X"


def test_nobody_is_registered_twice() -> None:
    person = a_person()
    with pytest.raises(BusinessError) as refused:
        people.register_person(id_number=person.id_number, name="王芳", area_code=YOUXIAN, by=a_clerk())
    assert refused.value.code == "enrollment.already_registered"
    assert person.id_number not in refused.value.message


def test_an_unknown_area_is_refused() -> None:
    with pytest.raises(BusinessError) as refused:
        people.register_person(id_number=an_id_number(), name="王芳", area_code="999999", by=a_clerk())
    assert refused.value.code == "enrollment.area_unknown"


def test_registration_is_in_the_action_log_without_the_id_number() -> None:
    person = a_person()
    line = ActionLog.objects.get(action="enrollment.person.registered", subject_key=str(person.pk))
    assert person.id_number not in f"{line.summary}{line.detail}"


def test_many_people_are_registered_at_once_and_known_ones_keep_their_file() -> None:
    clerk = a_clerk()
    known = a_person(name="王芳", by=clerk)
    rows = [
        people.PersonRow(an_id_number(born=date(1980, 1, 1), order=number), f"人{number}", YOUXIAN)
        for number in range(500)
    ]
    rows.append(people.PersonRow(known.id_number, "别名", YOUXIAN))

    assert people.register_many(rows, by=clerk) == 500
    assert people.register_many(rows, by=clerk) == 0
    assert Person.objects.get(pk=known.pk).name == "王芳"


def test_a_bad_id_number_refuses_the_whole_bulk() -> None:
    rows = [people.PersonRow(an_id_number(), "甲", YOUXIAN), people.PersonRow("510704197608241878", "乙", YOUXIAN)]
    with pytest.raises(BusinessError):
        people.register_many(rows, by=a_clerk())
    assert not Person.objects.exists()


def test_a_corrected_id_number_moves_birth_date_and_gender() -> None:
    person = a_person(id_number="51070419760824187X")
    corrected = people.correct_id_number(
        person_id=person.pk, id_number="510704197608241861", reason="登记笔误", by=a_clerk()
    )
    assert corrected.gender == "female"


def test_an_id_number_of_somebody_else_cannot_be_taken() -> None:
    first, second = a_person(), a_person()
    with pytest.raises(BusinessError) as refused:
        people.correct_id_number(person_id=second.pk, id_number=first.id_number, reason="核对", by=a_clerk())
    assert refused.value.code == "enrollment.id_taken"


def test_a_death_before_birth_is_refused() -> None:
    person = a_person(id_number="51070419760824187X")
    with pytest.raises(BusinessError) as refused:
        people.record_death(person_id=person.pk, deceased_on=date(1976, 8, 23), by=a_clerk())
    assert refused.value.code == "enrollment.death_date"

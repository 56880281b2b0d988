"""Exact search by ID number: exact or nothing, within one's area, counted. Over its border: `test_openings.py`."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from bureau.kernel.errors import BusinessError
from bureau.trail.models import ReadRecord
from enrollment.services import lookups
from tests.factories.people import JIANGYOU, YOUXIAN, a_clerk, a_person, an_id_number

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    return list(ReadRecord.objects.order_by("id").values_list("kind", flat=True))


def test_a_whole_number_finds_its_person_in_either_spelling() -> None:
    person, by = a_person(id_number="51070419760824187X"), a_clerk()

    for text in ("51070419760824187X", " 51070419760824187x", "510704760824187"):
        assert lookups.by_number(text, screen="people", by=by) == person
    assert kinds() == ["searched"] * 3


@pytest.mark.parametrize("text", ["510704", "51070419760824187", "510704197608241878", "51070419760824%", "510704%"])
def test_a_part_or_a_wrong_number_is_not_even_looked_for(text: str) -> None:
    a_person(id_number="51070419760824187X")
    assert lookups.by_number(text, screen="people", by=a_clerk()) is None
    assert kinds() == []


def test_somebody_of_another_county_is_a_miss_like_nobody() -> None:
    elsewhere, by = a_person(area_code=JIANGYOU), a_clerk()
    assert lookups.by_number(elsewhere.id_number, screen="people", by=by) is None
    assert lookups.by_number(an_id_number(), screen="people", by=by) is None
    assert kinds() == ["missed", "missed"]
    assert set(ReadRecord.objects.values_list("subject_key", "area_code")) == {("", YOUXIAN)}


def test_who_tries_numbers_is_stopped(settings: Settings) -> None:
    settings.ID_MISSES_PER_DAY = 3
    person, by = a_person(), a_clerk()
    for _ in range(3):
        lookups.by_number(an_id_number(), screen="people", by=by)
    with pytest.raises(BusinessError, match=r"trail\.miss_quota"):
        lookups.by_number(person.id_number, screen="people", by=by)

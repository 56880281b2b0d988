from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from bureau.demo import city
from bureau.demo.sizes import SMALL, size_of
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import check_id
from bureau.kernel.terms import Care, Scheme

# What seed 1 gives. A change here is a change of everybody's demo: say so in the changelog.
SMALL_CITY = "6f26a74b54ec40f008914df996dd55ef38e8d965eca6f20967e7b01ff399865b"


@pytest.fixture(scope="module")
def small() -> city.City:
    return city.draw("mianyang", SMALL, 1)


def test_the_same_seed_gives_the_same_city_and_another_seed_another(small):
    assert small.digest() == SMALL_CITY
    assert city.draw("mianyang", SMALL, 2).digest() != SMALL_CITY


def test_small_is_two_thousand_people_and_six_thousand_bills(small):
    bills = [bill for month in city.MONTHS for file in small.files(month).values() for bill in file]
    assert len(small.people) == 2_020
    assert len(bills) == 5_833
    assert {bill.care for bill in bills} == set(Care)


def test_every_id_number_is_sound_and_nobodys(small):
    numbers = [person.id_number for person in small.people]
    assert len(set(numbers)) == len(numbers)
    for person in small.people:
        assert check_id(person.id_number, today=date(2023, 6, 30)) == person.id_number
        assert person.is_on_roster or person.id_number.startswith("510799")


def test_nobody_is_in_two_schemes_at_once(small):
    for person in small.people:
        for earlier, later in zip(person.stretches, person.stretches[1:], strict=False):
            assert earlier.valid_until == later.valid_from
            assert {earlier.scheme, later.scheme} == {Scheme.EMPLOYEE}


def test_the_people_of_both_rosters_live_here(small):
    assert sum(person.is_on_roster for person in small.people) == 212


def test_a_month_has_few_bills_that_cannot_be_paid(small):
    known = {person.id_number: person for person in small.people}
    wrong = Counter()
    for file in small.files(date(2023, 5, 1)).values():
        for bill in file:
            person = known.get(bill.id_number)
            if person is None:
                wrong["unknown"] += 1
            elif person.name != bill.name:
                wrong["name"] += 1
            elif person.covered_throughout(bill.service_date, bill.service_date) is None:
                wrong["uninsured"] += 1
            if bill.excluded + bill.over_ceiling + bill.upfront_copay > bill.total:
                wrong["parts"] += 1
    assert wrong == {"unknown": 2, "name": 1, "uninsured": 1, "parts": 1}


def test_a_number_stands_once_in_an_institutions_files(small):
    for month in city.MONTHS:
        for file in small.files(month).values():
            assert len({bill.number for bill in file}) == len(file)


def test_size_one_is_a_year_of_youxian_as_published():
    assert size_of("1").employee_bills * 12 == pytest.approx(310_900, abs=12)
    assert size_of("1").resident_bills * 12 == 598_200
    assert size_of("0.1").residents == 33_000


@pytest.mark.parametrize("scale", ["", "tiny", "-1", "0", "11", "1.00001", "1e3"])
def test_a_size_that_is_none_is_refused(scale):
    with pytest.raises(BusinessError) as refusal:
        size_of(scale)
    assert refusal.value.code == "demo.scale"


def test_another_city_is_refused_in_a_sentence():
    with pytest.raises(BusinessError, match="还没有“hangzhou”的演示数据，目前只能建 mianyang（绵阳）。"):
        city.draw("hangzhou", SMALL, 1)

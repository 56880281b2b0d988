from __future__ import annotations

from datetime import date

from bureau.demo.providers import providers
from bureau.kernel.identity import check_credit_code, check_institution_code
from bureau.kernel.terms import Level

PLACES = providers(1)


def test_codes_and_names_stand_once_and_pass_their_checks():
    assert len({place.code for place in PLACES}) == len({place.name for place in PLACES}) == len(PLACES) == 37
    for place in PLACES:
        assert check_institution_code(place.code)
        assert check_credit_code(place.credit_code)
        assert place.code[1:7] == place.county


def test_there_are_institutions_of_every_level_and_some_outside_the_city():
    assert {place.level for place in PLACES} == set(Level)
    assert sum(place.is_outside for place in PLACES) == 5


def test_one_agreement_begins_late_and_one_is_suspended():
    year = (date(2023, 1, 1), date(2023, 12, 31))
    assert [place.name for place in PLACES if not place.has_agreement_throughout(*year)] == [
        "清和口腔门诊部",
        "新桥惠民药房",
    ]

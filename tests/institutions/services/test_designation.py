"""An institution's code says what it is and where."""

from __future__ import annotations

import pytest

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Level
from institutions.services import designation
from tests.factories.institutions import a_hospital, a_pharmacy
from tests.factories.people import JIANGYOU, a_clerk

pytestmark = pytest.mark.django_db


def test_the_letter_of_the_code_gives_the_kind() -> None:
    assert (a_hospital().kind, a_pharmacy().kind) == ("hospital", "pharmacy")


@pytest.mark.parametrize(
    ("code", "level", "area_code", "reason"),
    [
        ("X51078100001", Level.PRIMARY, JIANGYOU, "identity.institution_code"),
        ("H5107810001", Level.PRIMARY, JIANGYOU, "identity.institution_code"),
        ("H51070400001", Level.PRIMARY, JIANGYOU, "institutions.code_area"),
        ("H51078100001", Level.PHARMACY, JIANGYOU, "institutions.level_of_kind"),
        ("P51078100001", Level.TERTIARY, JIANGYOU, "institutions.level_of_kind"),
    ],
)
def test_a_code_that_contradicts_itself_is_refused(code: str, level: Level, area_code: str, reason: str) -> None:
    with pytest.raises(BusinessError) as refused:
        designation.designate(code=code, name="某院", level=level, area_code=area_code, by=a_clerk())
    assert refused.value.code == reason


def test_a_code_is_given_once() -> None:
    hospital = a_hospital()
    with pytest.raises(BusinessError) as refused:
        a_hospital(code=hospital.code)
    assert refused.value.code == "institutions.already_designated"

"""A late status: tried first, then applied; what was settled becomes a difference."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.kernel.terms import Care, ReliefCategory
from claims.models import Adjudication, Adjustment
from claims.services import recalculation
from tests.factories import month, people, relief
from tests.factories.month import Bill

pytestmark = pytest.mark.django_db


def test_a_trial_says_what_would_change_and_writes_nothing() -> None:
    farmer = people.a_person()
    people.an_enrollment(farmer)
    month.filed(month.a_paid_hospital(code="H51070400001"), Bill("1", farmer, "60000.00", Care.INPATIENT))
    month.adjudicated()
    month.settled()
    relief.a_status(farmer, ReliefCategory.SUBSISTENCE, valid_from=date(2023, 4, 1))

    _, changes = recalculation.recalculate(person_ids=[farmer.pk], is_applied=False, reason="迟到的名单", by=None)
    (change,) = changes
    assert (change.institution_code, change.number, change.is_settled) == ("H51070400001", "1", True)
    assert (change.before["assistance"], change.after["assistance"]) == (0, 9_410_10)
    assert (Adjudication.objects.count(), Adjustment.objects.count()) == (1, 0)

    again = recalculation.recalculate(person_ids=None, is_applied=True, reason="迟到的名单", by=None)
    assert again[1] == changes
    assert set(Adjustment.objects.values_list("reason", flat=True)) == {"迟到的名单"}
    assert Adjudication.objects.count() == 2

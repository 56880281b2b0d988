"""Capabilities are granted and withdrawn one by one (YX-39, YX-71)."""

from __future__ import annotations

from datetime import date

import pytest

from bureau.kernel.errors import BusinessError
from institutions.selectors.agreements import standing_for
from institutions.services import capabilities
from institutions.terms import Capability
from tests.factories.institutions import a_capability, a_hospital
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db


def test_one_capability_can_be_withdrawn_while_another_stays() -> None:
    hospital = a_hospital()
    a_capability(hospital, Capability.CHRONIC)
    a_capability(hospital, Capability.INPATIENT)
    capabilities.withdraw(
        institution_id=hospital.pk,
        capability=Capability.CHRONIC,
        valid_until=date(2023, 5, 1),
        reason="专项检查",
        by=a_clerk(),
    )

    days = (date(2023, 4, 30), date(2023, 5, 1))
    before, after = (standing_for([(hospital.code, day)])[hospital.code, day].capabilities for day in days)
    assert before == {"chronic", "inpatient"}
    assert after == {"inpatient"}


def test_what_is_not_held_cannot_be_withdrawn() -> None:
    with pytest.raises(BusinessError) as refused:
        capabilities.withdraw(
            institution_id=a_hospital().pk,
            capability=Capability.DIALYSIS,
            valid_until=date(2023, 5, 1),
            reason="专项检查",
            by=a_clerk(),
        )
    assert refused.value.code == "institutions.capability_not_held"

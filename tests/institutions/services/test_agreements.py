"""Agreements: one at a time, ended with a reason, and never for days that have passed well."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bureau.kernel.errors import BusinessError
from institutions.models import Agreement
from institutions.selectors.agreements import agreement_on
from institutions.services import agreements
from tests.factories.institutions import an_agreement
from tests.factories.people import a_clerk

pytestmark = pytest.mark.django_db


def test_an_institution_has_one_agreement_at_a_time() -> None:
    standing = an_agreement()
    with pytest.raises(BusinessError) as refused:
        an_agreement(standing.institution, valid_from=date(2023, 6, 1))
    assert refused.value.code == "institutions.agreement_overlap"


def test_the_database_itself_refuses_overlapping_agreements() -> None:
    standing = an_agreement()
    with pytest.raises(IntegrityError, match="one_agreement_at_a_time"), transaction.atomic():
        Agreement.objects.create(
            institution=standing.institution,
            number="XY-2",
            area_id=standing.area_id,
            signed_on=date(2023, 2, 1),
            valid_from=date(2023, 2, 1),
        )


def test_a_suspended_agreement_still_covers_the_days_before() -> None:
    standing = an_agreement()
    agreements.suspend(agreement_id=standing.pk, valid_until=date(2023, 5, 1), reason="未按时整改", by=a_clerk())
    assert agreement_on(standing.institution, date(2023, 4, 30)) == standing
    assert agreement_on(standing.institution, date(2023, 5, 1)) is None


def test_an_agreement_is_not_ended_without_a_reason() -> None:
    standing = an_agreement()
    with pytest.raises(BusinessError) as refused:
        agreements.terminate(agreement_id=standing.pk, valid_until=date(2023, 5, 1), reason=" ", by=a_clerk())
    assert refused.value.code == "institutions.reason_missing"


def test_a_new_agreement_may_follow_on_the_day_the_old_one_ends() -> None:
    first = an_agreement(valid_until=date(2023, 7, 1))
    second = an_agreement(first.institution, valid_from=date(2023, 7, 1))
    assert agreement_on(first.institution, date(2023, 7, 1)) == second

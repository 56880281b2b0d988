"""Duties that one person must not hold together."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bureau.organization.models import DutyAssignment
from bureau.organization.rules import duties as rules
from bureau.organization.terms import Duty
from tests.factories import people


def test_who_makes_does_not_check() -> None:
    assert rules.conflicts(Duty.RELIEF_CHECK, [Duty.RELIEF, Duty.COUNTER]) == [Duty.RELIEF]
    assert rules.conflicts(Duty.FINANCE, [Duty.FINANCE_APPROVAL]) == [Duty.FINANCE_APPROVAL]
    assert rules.conflicts(Duty.POLICY, [Duty.POLICY_CHECK]) == [Duty.POLICY_CHECK]


def test_each_of_three_reviews_and_of_three_administrators_is_another_person() -> None:
    assert rules.conflicts(Duty.REVIEW_FINAL, [Duty.REVIEW_FIRST, Duty.REVIEW_SECOND]) == [
        Duty.REVIEW_FIRST,
        Duty.REVIEW_SECOND,
    ]
    assert rules.conflicts(Duty.TRAIL, [Duty.SYSTEM]) == [Duty.SYSTEM]


def test_money_audit_offices_and_business_are_different_people() -> None:
    assert rules.conflicts(Duty.FINANCE, [Duty.COUNTER, Duty.AUDIT, Duty.LEADER_CITY, Duty.SYSTEM]) == [
        Duty.COUNTER,
        Duty.AUDIT,
        Duty.LEADER_CITY,
        Duty.SYSTEM,
    ]
    assert rules.conflicts(Duty.SECURITY, [Duty.POLICY_CHECK, Duty.TOWN]) == [Duty.POLICY_CHECK, Duty.TOWN]
    assert rules.conflicts(Duty.CASHIER, [Duty.FINANCE]) == [Duty.FINANCE]


@pytest.mark.django_db
def test_the_table_refuses_the_same_pairs() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT one, two FROM unnest(%(all)s::text[]) one, unnest(%(all)s::text[]) two"
            " WHERE organization_are_apart(one, two)",
            {"all": [duty.value for duty in Duty]},
        )
        refused = set(cursor.fetchall())

    assert refused == {(one.value, two.value) for one in Duty for two in rules.conflicts(one, Duty)}
    # 3 duties of money, 1 of audit, 3 of the offices, 12 of business: pairs across, then within (3, 3, and 1 + 1 + 3).
    assert len(refused) == 2 * (3 * 1 + 3 * 3 + 3 * 12 + 1 * 3 + 1 * 12 + 3 * 12 + 3 + 3 + 1 + 1 + 3)


@pytest.mark.django_db
def test_duties_apart_may_follow_one_another_but_never_overlap() -> None:
    staff = people.a_clerk("one", Duty.FINANCE)
    with pytest.raises(IntegrityError, match="不相容"), transaction.atomic():
        DutyAssignment.objects.create(staff=staff, duty="audit", valid_from=date(2024, 1, 1))
    DutyAssignment.objects.filter(staff=staff).update(valid_until=date(2024, 1, 1))
    DutyAssignment.objects.create(staff=staff, duty="audit", valid_from=date(2024, 1, 1))

    with pytest.raises(IntegrityError, match="不相容"), transaction.atomic():
        DutyAssignment.objects.filter(staff=staff, duty="finance").update(valid_until=date(2024, 1, 2))


def test_other_duties_go_together() -> None:
    assert rules.conflicts(Duty.COUNTER, [Duty.INSTITUTIONS, Duty.RELIEF, Duty.COUNTER]) == []

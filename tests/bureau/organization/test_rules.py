"""Duties that one person must not hold together."""

from __future__ import annotations

from bureau.organization import rules
from bureau.organization.terms import Duty


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


def test_other_duties_go_together() -> None:
    assert rules.conflicts(Duty.COUNTER, [Duty.INSTITUTIONS, Duty.RELIEF, Duty.COUNTER]) == []

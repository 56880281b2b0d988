"""不相容岗位: which duties one person may not hold at the same time, so that nobody checks his own work (CC-30).

`migrations/0004_duties_apart.sql` says the same to whoever goes round the service; a test compares the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterable

# 财务、稽核、三员 and 业务 (everything else, leaders too) are different people.
FAMILIES: tuple[frozenset[Duty], ...] = (
    frozenset({Duty.FINANCE, Duty.FINANCE_APPROVAL, Duty.CASHIER}),
    frozenset({Duty.AUDIT}),
    frozenset({Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL}),
)
# Within a family a person holds at most one of each group: who makes, who checks, who pays.
SEPARATED: tuple[frozenset[Duty], ...] = (
    frozenset({Duty.RELIEF, Duty.RELIEF_CHECK}),
    frozenset({Duty.FINANCE, Duty.FINANCE_APPROVAL, Duty.CASHIER}),
    frozenset({Duty.POLICY, Duty.POLICY_CHECK}),
    frozenset({Duty.REVIEW_FIRST, Duty.REVIEW_SECOND, Duty.REVIEW_FINAL}),
    frozenset({Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL}),
)


def conflicts(duty: Duty, held: Iterable[Duty]) -> list[Duty]:
    """The duties among `held` that rule `duty` out, in the order of the vocabulary."""
    present = set(held)
    return [other for other in Duty if other in present and _are_apart(duty, other)]


def _are_apart(duty: Duty, other: Duty) -> bool:
    if duty == other:
        return False
    return _family(duty) != _family(other) or any({duty, other} <= group for group in SEPARATED)


def _family(duty: Duty) -> frozenset[Duty]:
    return next((family for family in FAMILIES if duty in family), frozenset())

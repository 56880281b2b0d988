"""不相容岗位: which duties one person may not hold at the same time, so that nobody checks his own work (CC-30)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.terms import Duty

if TYPE_CHECKING:
    from collections.abc import Iterable

# Of each group a person holds at most one.
SEPARATED: tuple[frozenset[Duty], ...] = (
    frozenset({Duty.RELIEF, Duty.RELIEF_CHECK}),
    frozenset({Duty.FINANCE, Duty.FINANCE_APPROVAL}),
    frozenset({Duty.POLICY, Duty.POLICY_CHECK}),
    frozenset({Duty.REVIEW_FIRST, Duty.REVIEW_SECOND, Duty.REVIEW_FINAL}),
    frozenset({Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL}),
)


def conflicts(duty: Duty, held: Iterable[Duty]) -> list[Duty]:
    """The duties among `held` that rule `duty` out, in the order of the vocabulary."""
    others = {other for group in SEPARATED if duty in group for other in group} - {duty}
    return [other for other in Duty if other in others & set(held)]

"""How many people must approve a month (reliability.md 3.3, decision 26). Pure."""

from __future__ import annotations

from bureau.organization.terms import Duty

# Who may sit where: the first approves the accounts, the second is a leader or another approver.
SEATS: dict[int, tuple[Duty, ...]] = {
    1: (Duty.FINANCE_APPROVAL,),
    2: (Duty.FINANCE_APPROVAL, Duty.LEADER_CITY),
}
APPROVERS: tuple[Duty, ...] = (Duty.FINANCE_APPROVAL, Duty.LEADER_CITY)


def seats_needed(payable: int, *, second_from: int) -> int:
    """One approver; two from `second_from` fen on."""
    return 2 if payable >= second_from else 1

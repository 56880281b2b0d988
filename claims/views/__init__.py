"""Desks of claims and settlement; each view gathers from selectors, asks services, and renders."""

from __future__ import annotations

from bureau.organization.terms import Duty

# Who reads claims: whoever files, reviews, pays or supervises them.
CLAIM_READERS = (
    Duty.COUNTER,
    Duty.RELIEF,
    Duty.RELIEF_CHECK,
    Duty.REVIEW_FIRST,
    Duty.REVIEW_SECOND,
    Duty.REVIEW_FINAL,
    Duty.INSTITUTIONS,
    Duty.FINANCE,
    Duty.FINANCE_APPROVAL,
    Duty.AUDIT,
    Duty.LEADER_COUNTY,
    Duty.LEADER_CITY,
)
# Who hands claim files in (as in `services.intake`).
CLAIM_TAKERS = (Duty.COUNTER, Duty.REVIEW_FIRST, Duty.INSTITUTIONS, Duty.FINANCE)
FILE_READERS = (*CLAIM_TAKERS, Duty.REVIEW_SECOND, Duty.REVIEW_FINAL, Duty.AUDIT)
# Who reads a month's settlement and its statements.
SETTLEMENT_READERS = (
    Duty.INSTITUTIONS,
    Duty.REVIEW_FIRST,
    Duty.REVIEW_SECOND,
    Duty.REVIEW_FINAL,
    Duty.FINANCE,
    Duty.FINANCE_APPROVAL,
    Duty.CASHIER,
    Duty.AUDIT,
    Duty.LEADER_COUNTY,
    Duty.LEADER_CITY,
)

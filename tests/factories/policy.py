"""The law in force: the packs of a city, drafted by one and published by another."""

from __future__ import annotations

from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.services import releases
from tests.factories.people import a_clerk


def a_release(city: str = "mianyang") -> Release:
    """The published release of a city's packs."""
    drafter = a_clerk("", Duty.POLICY, area_code="510700")
    checker = a_clerk("", Duty.POLICY_CHECK, area_code="510700")
    draft = releases.draft(city=city, content=packs.pack_bytes(city), by=drafter)
    return releases.publish(draft, by=checker)

"""Institutions of an invented corner of Mianyang, with agreements and capabilities."""

from __future__ import annotations

from datetime import date
from itertools import count

from bureau.kernel.terms import Level
from bureau.organization.models import Staff
from institutions.models import Agreement, Institution
from institutions.services import agreements, capabilities, designation
from institutions.terms import Capability
from tests.factories.people import YOUXIAN, a_clerk

_sequence = count(1)


def a_hospital(
    *, code: str = "", level: Level = Level.SECONDARY, area_code: str = YOUXIAN, by: Staff | None = None
) -> Institution:
    """A designated hospital without agreement."""
    return designation.designate(
        code=code or f"H{area_code}{next(_sequence):05d}",
        name="游仙第二医院",
        level=level,
        area_code=area_code,
        by=by or a_clerk(),
    )


def a_pharmacy(*, area_code: str = YOUXIAN, by: Staff | None = None) -> Institution:
    """A designated pharmacy without agreement."""
    return designation.designate(
        code=f"P{area_code}{next(_sequence):05d}",
        name="惠民大药房",
        level=Level.PHARMACY,
        area_code=area_code,
        by=by or a_clerk(),
    )


def an_agreement(
    institution: Institution | None = None,
    *,
    valid_from: date = date(2023, 1, 1),
    valid_until: date | None = None,
    by: Staff | None = None,
) -> Agreement:
    """A signed agreement."""
    by = by or a_clerk()
    institution = institution or a_hospital(by=by)
    return agreements.sign(
        institution_id=institution.pk,
        number=f"XY-{next(_sequence):05d}",
        signed_on=valid_from,
        valid_from=valid_from,
        valid_until=valid_until,
        by=by,
    )


def a_capability(
    institution: Institution, capability: Capability = Capability.CHRONIC, *, valid_from: date = date(2023, 1, 1)
) -> None:
    """One capability, granted."""
    capabilities.grant(institution_id=institution.pk, capability=capability, valid_from=valid_from, by=a_clerk())

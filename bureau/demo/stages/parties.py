"""Institutions with their agreements; people with their coverage and recognized diseases, in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import transaction

from bureau.demo.city import City
from bureau.demo.people import DISEASES, Inhabitant
from bureau.demo.providers import Provider
from bureau.demo.stages.colleagues import colleague, of_county
from enrollment.services import enrollments, people, recognitions
from enrollment.services.enrollments import EnrollmentRow
from enrollment.services.people import PersonRow
from enrollment.services.recognitions import RecognitionRow
from institutions.selectors import directory
from institutions.services import agreements, capabilities, designation

CHUNK = 5_000


def designate(city: City) -> str:
    """Each institution with all that belongs to it, or not at all."""
    known = directory.by_codes(provider.code for provider in city.providers)
    for provider in city.providers:
        if provider.code not in known:
            _designate(provider)
    return f"定点机构 {len(city.providers)} 家"


def settle_in(city: City) -> str:
    """Everybody's file, coverage and recognitions, some thousands in a transaction."""
    clerk = colleague("admin")
    for group in _groups(city.people):
        people.register_many(
            (PersonRow(one.id_number, one.name, one.town, one.phone, one.is_poor) for one in group), by=clerk
        )
        enrollments.enroll_many(
            (
                EnrollmentRow(
                    one.id_number,
                    str(stretch.scheme),
                    stretch.employment,
                    one.county,
                    stretch.valid_from,
                    stretch.valid_until,
                )
                for one in group
                for stretch in one.stretches
            ),
            by=clerk,
        )
        recognitions.recognize_many(
            (
                RecognitionRow(one.id_number, disease.disease_code, DISEASES[disease.disease_code], disease.valid_from)
                for one in group
                for disease in one.recognitions
            ),
            by=clerk,
        )
    return f"个人档案 {len(city.people)} 份"


@transaction.atomic
def _designate(provider: Provider) -> None:
    by = of_county("clerk", provider.county, otherwise="admin")
    institution = designation.designate(
        code=provider.code,
        name=provider.name,
        level=provider.level,
        area_code=provider.area,
        credit_code=provider.credit_code,
        bank_name=provider.bank_name,
        bank_account=provider.bank_account,
        by=by,
    )
    for capability in provider.capabilities:
        capabilities.grant(institution_id=institution.pk, capability=capability, valid_from=provider.agreed_from, by=by)
    if provider.is_outside:
        return
    agreement = agreements.sign(
        institution_id=institution.pk,
        number=f"XY-{provider.agreed_from.year}-{provider.code}",
        signed_on=provider.agreed_from,
        valid_from=provider.agreed_from,
        by=by,
    )
    if provider.agreed_until is not None:
        agreements.suspend(
            agreement_id=agreement.pk, valid_until=provider.agreed_until, reason=provider.suspended_because, by=by
        )


def _groups(everybody: Sequence[Inhabitant]) -> Iterator[Sequence[Inhabitant]]:
    for start in range(0, len(everybody), CHUNK):
        yield everybody[start : start + CHUNK]

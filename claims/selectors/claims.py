"""Claims as screens and counts need them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from bureau.organization.selectors.scope import narrow
from claims.models import Adjudication, Claim, ClaimRow, PersonYear
from claims.terms import ClaimStage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.db.models import QuerySet

    from bureau.organization.models import Staff


def visible_to(by: Staff) -> QuerySet[Claim]:
    """The claims of people insured in the area of `by`, with their current adjudication."""
    current = Prefetch(
        "adjudications",
        queryset=Adjudication.objects.filter(is_current=True).defer("trace", "facts"),
        to_attr="current_adjudications",
    )
    claims = Claim.objects.select_related("institution", "person", "area").prefetch_related(current)
    return narrow(claims, by)


def one(institution_code: str, number: str, *, by: Staff) -> Claim:
    """One claim with its institution and person, for a page that reads its versions itself."""
    found = visible_to(by).prefetch_related(None).select_related("person__area")
    return found.get(institution__code=institution_code, number=number)


def of_person(person_id: int, *, by: Staff) -> QuerySet[Claim]:
    """The claims of one person in the order in which they count, as far as `by` may see them."""
    return visible_to(by).filter(person_id=person_id).order_by("year", "sequence")


def current_adjudication(claim: Claim) -> Adjudication | None:
    """The version that holds."""
    return Adjudication.objects.filter(claim=claim, is_current=True).first()


def current_facts(claim_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Claim → the facts of its current version."""
    return dict(Adjudication.objects.filter(claim_id__in=claim_ids, is_current=True).values_list("claim_id", "facts"))


def versions(claim: Claim) -> QuerySet[Adjudication]:
    """Every version, the latest first."""
    return Adjudication.objects.filter(claim=claim).order_by("-version")


def problem_of(claim: Claim) -> str:
    """Why the year of this claim cannot be computed; empty where it only waits."""
    years = PersonYear.objects.filter(person_id=claim.person_id, year=claim.year)
    return years.values_list("problem", flat=True).first() or ""


def refused_rows(batch_id: int) -> QuerySet[ClaimRow]:
    """The rows of a file that did not become claims, with their reasons."""
    return ClaimRow.objects.filter(batch_id=batch_id).order_by("line")


def waiting_years() -> int:
    """How many person-years wait for adjudication."""
    return PersonYear.objects.filter(is_due=True).count()


def years_in_trouble(by: Staff) -> QuerySet[PersonYear]:
    """Person-years that cannot be computed, with their reasons."""
    return narrow(PersonYear.objects.select_related("person").exclude(problem_code=""), by)


def left_out(month: str) -> int:
    """Claims filed up to the month that cannot be settled yet, because they are not adjudicated."""
    return Claim.objects.filter(stage=ClaimStage.RECEIVED.value, received_month__lte=month).count()


def years_of(person_ids: Iterable[int] | None) -> list[int]:
    """The person-years of these people, or all of them."""
    years = PersonYear.objects.order_by("pk")
    if person_ids is not None:
        years = years.filter(person_id__in=list(person_ids))
    return list(years.values_list("pk", flat=True))


def current_amounts(
    person_year_ids: Sequence[int], columns: Sequence[str]
) -> dict[tuple[str, str], tuple[bool, tuple[int, ...]]]:
    """(Institution code, number) → whether it is settled, and these amounts of the current version."""
    people = PersonYear.objects.filter(pk__in=person_year_ids).values("person_id")
    current = Adjudication.objects.filter(is_current=True, claim__person_id__in=people)
    rows = current.values_list("claim__institution__code", "claim__number", "claim__settled_version", *columns)
    return {(code, number): (version is not None, tuple(amounts)) for code, number, version, *amounts in rows}

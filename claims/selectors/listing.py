"""Lists of claims and of refused rows with how many and how much, in a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, FilteredRelation, Q, Sum, Window

from bureau.organization.selectors import scope
from bureau.trail import selectors as trail
from bureau.trail.terms import BatchKind
from claims.models import Adjustment, ClaimRow
from claims.selectors import claims as claims_selectors
from claims.terms import RowVerdict

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from claims.models import Claim

MOST_MONTHS = 36


@dataclass(frozen=True, slots=True)
class ClaimSums:
    """How many and how much, over the whole list; layers by the version that holds now."""

    count: int
    total: int
    pooled: int
    major_illness: int
    assistance: int
    personal_burden: int


def months() -> list[str]:
    """Months for which claim files came in, the latest first."""
    files = trail.batches(BatchKind.CLAIMS).order_by("-month").values_list("month", flat=True)
    return list(files.distinct()[:MOST_MONTHS])


def of_institution_named(text: str, path: str = "institution") -> Q:
    """By code or by a part of the name."""
    return Q(**{f"{path}__code": text.upper()}) | Q(**{f"{path}__name__icontains": text})


def claims(by: Staff, *, month: str = "", institution: str = "", care: str = "", stage: str = "") -> QuerySet[Claim]:
    """The claims that `by` may see, filtered."""
    found = claims_selectors.visible_to(by)
    if month:
        found = found.filter(received_month=month)
    if institution:
        found = found.filter(of_institution_named(institution))
    if care:
        found = found.filter(care=care)
    if stage:
        found = found.filter(stage=stage)
    return found


def sums(found: QuerySet[Claim]) -> ClaimSums:
    """The sums of a list of claims, in one query."""
    added = _with_holding(found.order_by()).aggregate(
        count=Count("pk"),
        whole=Sum("total"),
        pooled=Sum("holding__pooled"),
        major_illness=Sum("holding__major_illness"),
        assistance=Sum("holding__assistance"),
        personal_burden=Sum("holding__personal_burden"),
    )
    return ClaimSums(
        count=added["count"],
        total=int(added["whole"] or 0),
        pooled=int(added["pooled"] or 0),
        major_illness=int(added["major_illness"] or 0),
        assistance=int(added["assistance"] or 0),
        personal_burden=int(added["personal_burden"] or 0),
    )


def of_person(person_id: int, *, by: Staff, most: int) -> tuple[list[Any], ClaimSums]:
    """The latest claims of a person, each with its layers, and the sums over all of them: one query for both."""
    layers = ("pooled", "major_illness", "assistance", "personal_burden")
    found = claims_selectors.of_person(person_id, by=by).prefetch_related(None).order_by("-year", "-sequence")
    found = _with_holding(found).annotate(
        sum_count=Window(Count("pk")),
        sum_total=Window(Sum("total")),
        **{layer: F(f"holding__{layer}") for layer in layers},
        **{f"sum_{layer}": Window(Sum(f"holding__{layer}")) for layer in layers},
    )
    shown: list[Any] = list(found[:most])
    names = ("count", "total", *layers)
    return shown, ClaimSums(*(int(getattr(shown[0], f"sum_{name}") or 0) if shown else 0 for name in names))


def refused(by: Staff, *, month: str = "", code: str = "") -> QuerySet[ClaimRow]:
    """Rows of claim files that did not become claims, the latest file first."""
    rows = ClaimRow.objects.select_related("batch").defer("batch__content")
    found = scope.narrow(rows.filter(verdict=RowVerdict.REFUSED.value), by)
    if month:
        found = found.filter(batch__month=month)
    if code:
        found = found.filter(code=code)
    return found.order_by("-batch_id", "line")


def refused_by_cause(found: QuerySet[ClaimRow]) -> list[tuple[str, int]]:
    """Cause → how many rows, the most frequent first."""
    counted = found.order_by().values("code").annotate(count=Count("pk")).order_by("-count", "code")
    return [(row["code"], row["count"]) for row in counted]


def differences(by: Staff, *, stage: str = "") -> QuerySet[Adjustment]:
    """What re-runs changed in settled claims, the latest first; each with what is already settled of it."""
    found = Adjustment.objects.select_related("claim", "institution", "settlement_run", "adjudication").defer(
        "adjudication__trace", "adjudication__facts", "settlement_run__payment_list"
    )
    found = scope.narrow(found, by).annotate(used=Sum("uses__amount"))
    if stage:
        found = found.filter(stage=stage)
    return found.order_by("-pk")


def open_difference_sum(found: QuerySet[Adjustment]) -> tuple[int, int]:
    """What is to be paid in addition, and what is to be recovered (as a positive amount)."""
    added = found.order_by().aggregate(
        owed=Sum(F("amount"), filter=Q(amount__gt=0)), recovered=Sum(F("amount"), filter=Q(amount__lt=0))
    )
    return int(added["owed"] or 0), -int(added["recovered"] or 0)


def _with_holding(found: QuerySet[Claim]) -> QuerySet[Claim]:
    """Claims with their current adjudication at hand as `holding`."""
    return found.annotate(holding=FilteredRelation("adjudications", condition=Q(adjudications__is_current=True)))

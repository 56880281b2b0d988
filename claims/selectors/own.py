"""What an institution's systems may read: its own files, claims and statements, and nobody's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch

from bureau.organization.selectors import scope
from bureau.trail import selectors as trail
from bureau.trail.terms import BatchKind
from claims.models import Adjudication, Claim, Settlement
from claims.terms import SettlementStage

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.organization.models import InstitutionKey
    from bureau.trail.models import ImportBatch


def file(batch_id: int, *, by: InstitutionKey) -> ImportBatch | None:
    """One of its claim files."""
    return trail.batches(BatchKind.CLAIMS).filter(source=by.institution_code, pk=batch_id).first()


def claims(month: str, *, after: str, by: InstitutionKey) -> QuerySet[Claim]:
    """Its claims filed for a month, by number, beginning after one; with the version that holds."""
    current = Prefetch(
        "adjudications",
        queryset=Adjudication.objects.filter(is_current=True).defer("facts"),
        to_attr="current_adjudications",
    )
    found = scope.of_institution(Claim.objects.filter(received_month=month, number__gt=after), by)
    return found.order_by("number").prefetch_related(current)


def statements(by: InstitutionKey) -> QuerySet[Settlement]:
    """Its statements of approved months, the latest first."""
    approved = (SettlementStage.APPROVED.value, SettlementStage.PAYING.value)
    found = Settlement.objects.select_related("run").defer("run__payment_list").filter(run__stage__in=approved)
    return scope.of_institution(found, by).order_by("-run__month").prefetch_related("lines")

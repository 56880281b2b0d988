"""Claim files as they came in, with what became of their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.organization.selectors import scope
from bureau.trail import selectors as trail
from bureau.trail.terms import BatchKind
from claims.models import ClaimRow
from institutions.selectors import directory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch


def files(by: Staff, *, month: str = "", institution: str = "") -> QuerySet[ImportBatch]:
    """Claim files of the institutions of the area of `by`, the latest first; `institution` is a code."""
    found = scope.narrow_codes(trail.batches(BatchKind.CLAIMS).select_related("opened_by"), by)
    if month:
        found = found.filter(month=month)
    if institution:
        found = found.filter(source=institution.upper())
    return found


def file(batch_id: int, *, by: Staff) -> ImportBatch | None:
    """One file, if `by` may see it."""
    return files(by).filter(pk=batch_id).first()


def names(found: Iterable[ImportBatch]) -> dict[str, str]:
    """Institution code → name, for the files of a page."""
    return {code: known.name for code, known in directory.by_codes(batch.source for batch in found).items()}


def refused_of(batch: ImportBatch) -> QuerySet[ClaimRow]:
    """The rows of a file that were refused."""
    return ClaimRow.objects.filter(batch_id=batch.pk).order_by("line")

"""Files that came in: the bytes as they were, their fingerprint, and where the handling stands.

The same bytes for the same kind, source, area and month are recognized and have no further effect (decision 11).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import mask_within
from bureau.trail.models import ImportBatch
from bureau.trail.terms import BatchKind, BatchStage

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@dataclass(frozen=True, slots=True)
class Opened:
    """A batch, and whether its bytes had come before."""

    batch: ImportBatch
    is_recognized: bool


def open_batch(
    *, kind: BatchKind, source: str, area_code: str, month: str, file_name: str, content: bytes, by: Staff | None
) -> Opened:
    """The batch of these bytes; a new one only when they never came before, refused and taken-back ones aside."""
    key = {
        "kind": kind.value,
        "source": source,
        "area_code": area_code,
        "month": month,
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    known = _standing(key)
    if known is not None:
        return Opened(known, is_recognized=True)
    try:
        with transaction.atomic():
            batch = ImportBatch.objects.create(
                **key, file_name=mask_within(file_name)[-200:], content=content, opened_by=by
            )
    except IntegrityError:
        # Somebody handed in the same bytes at the same moment and was first.
        known = _standing(key)
        if known is None:
            raise
        return Opened(known, is_recognized=True)
    return Opened(batch, is_recognized=False)


def locked(batch_id: int) -> ImportBatch:
    """The batch under a row lock, for a change of its stage; call inside a transaction."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).filter(pk=batch_id).first()
    if batch is None:
        raise BusinessError("trail.batch_unknown", f"没有编号为 {batch_id} 的导入批次。")
    return batch


def record_check(
    batch: ImportBatch,
    *,
    stage: BatchStage,
    counts: dict[str, Any],
    comparison_sha256: str = "",
    message: str = "",
) -> ImportBatch:
    """Note what the check of the file gave."""
    batch.stage = stage.value
    batch.counts = counts
    batch.comparison_sha256 = comparison_sha256
    batch.message = message[:400]
    batch.save(update_fields=["stage", "counts", "comparison_sha256", "message"])
    return batch


def confirm(batch: ImportBatch, *, by: Staff) -> ImportBatch:
    """Mark the batch as applied by `by`; for rosters the table itself refuses the person who handed it in."""
    batch.stage = BatchStage.APPLIED.value
    batch.confirmed_by = by
    batch.confirmed_at = timezone.now()
    batch.confirmed_sha256 = batch.comparison_sha256
    batch.save(update_fields=["stage", "confirmed_by", "confirmed_at", "confirmed_sha256"])
    return batch


def note_effect(batch: ImportBatch, **told: Any) -> ImportBatch:
    """Note beside its counts what the batch brought about."""
    batch.counts = {**batch.counts, **told}
    batch.save(update_fields=["counts"])
    return batch


def close(batch: ImportBatch, *, stage: BatchStage, message: str = "") -> ImportBatch:
    """Refuse the batch or note that it was taken back."""
    batch.stage = stage.value
    batch.message = message[:400]
    batch.save(update_fields=["stage", "message"])
    return batch


def _standing(key: dict[str, str]) -> ImportBatch | None:
    gone = [BatchStage.REFUSED.value, BatchStage.REVOKED.value]
    return ImportBatch.objects.filter(**key).exclude(stage__in=gone).first()

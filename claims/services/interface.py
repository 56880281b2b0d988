"""Claims handed in over the interface: the same intake as at the counter, once per idempotency key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.services import institution_calls
from claims.importing import claim_body
from claims.selectors import own
from claims.services import intake

if TYPE_CHECKING:
    from bureau.organization.models import InstitutionKey

CREATED = 201


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the claims; `repeated` where the idempotency key was known."""

    batch: int
    counts: dict[str, int]
    recognized: bool
    repeated: bool


@transaction.atomic
def receive(*, claims: Sequence[Mapping[str, Any]], month: str, idempotency_key: str, by: InstitutionKey) -> Taken:
    """Judge the claims and take the good ones in."""
    content = claim_body.as_file(claims)
    fingerprint = institution_calls.fingerprint_of(month.encode() + b"\n" + content)
    done = institution_calls.done_before(idempotency_key=idempotency_key, fingerprint=fingerprint, by=by)
    if done is not None:
        batch = own.file(int(done), by=by)
        if batch is None:
            raise BusinessError("claims.batch_unknown", "这个 Idempotency-Key 的批次已撤回，请换一个新的键重新报送。")
        return Taken(batch.pk, batch.counts, recognized=True, repeated=True)

    receipt = intake.receive_from_institution(content=content, month=month, by=by)
    if receipt.rows != len(claims):
        raise BusinessError("claims.rows_lost", "有单据不能识别（例如单据号写成“合计”），整份没有受理，请核对后重报。")
    institution_calls.record(
        what="POST api_claim_files",
        status=CREATED,
        idempotency_key=idempotency_key,
        fingerprint=fingerprint,
        subject_key=str(receipt.batch),
        by=by,
    )
    counts = {"rows": receipt.rows, "accepted": receipt.accepted, "refused": receipt.refused}
    return Taken(receipt.batch, counts, recognized=receipt.recognized, repeated=False)

"""Prove the books: claims = statements = postings = payments, and write down that it was proved."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bureau.trail.services import actions
from claims.selectors import books
from claims.services import settlement

if TYPE_CHECKING:
    from bureau.organization.models import Staff

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Proof:
    """Each invariant with its number of faults, and how much was looked at."""

    faults: dict[str, int]
    counts: dict[str, int]

    @property
    def is_sound(self) -> bool:
        return not any(self.faults.values())

    def to_json(self) -> dict[str, Any]:
        invariants = {name: {"ok": count == 0, "faults": count} for name, count in self.faults.items()}
        return {"ok": self.is_sound, "counts": self.counts, "invariants": invariants}


@transaction.atomic
def check_books(*, by: Staff | None) -> Proof:
    """Check every invariant; nothing is mended here."""
    proof = Proof(books.faults(settlement.digest), books.counts())
    broken = {name: count for name, count in proof.faults.items() if count}
    if broken:
        log.error("the books do not agree: %s", broken)
    actions.record(
        action="claims.books.checked",
        subject_kind="books",
        subject_key="all",
        summary="账目核对一致。" if proof.is_sound else f"账目核对发现 {sum(broken.values())} 处不一致。",
        detail={"faults": broken, **proof.counts},
        by=by,
    )
    return proof

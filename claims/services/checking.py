"""Prove the books: claims = statements = postings = payments, and write down that it was proved."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from bureau.funds.selectors import books as fund_books
from bureau.funds.services import payments
from bureau.kernel.errors import BusinessError
from bureau.policy.selectors import rulesets
from bureau.trail.services import actions
from claims.selectors import books, cockpit, settlements
from claims.services import settlement

if TYPE_CHECKING:
    from collections.abc import Callable

    from bureau.organization.models import Staff
    from claims.models import SettlementRun

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


def prove() -> Proof:
    """Check every invariant; nothing is mended here and nothing written."""
    return Proof({**books.faults(), **_seals(), **_tiers(), **fund_books.faults()}, books.counts())


@transaction.atomic
def check_books(*, by: Staff | None) -> Proof:
    """The nightly proof, which goes into the action log."""
    proof = prove()
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


def _holds(proof: Callable[[SettlementRun], bool], run: SettlementRun) -> bool:
    """Whether it is so; what can no longer be decrypted was altered."""
    try:
        return proof(run)
    except BusinessError:
        return False


def _sealed_as_stands(run: SettlementRun) -> bool:
    return settlement.digest(run) == run.seal_sha256


def _listed_as_ordered(run: SettlementRun) -> bool:
    return payments.list_of_orders(run.seal_sha256) == run.payment_list


def _seals() -> dict[str, int]:
    """Whether what was sealed is still what stands there, and whether the list is what the orders say."""
    statements = seals = lists = 0
    for run in books.sealed_runs():
        anew = settlements.digests_of(run)
        stored = settlements.stored_digests(run)
        statements += sum(stored.get(number) != digest for number, digest in anew.items())
        seals += not _holds(_sealed_as_stands, run)
        lists += run.approved_by_id is not None and not _holds(_listed_as_ordered, run)
    return {"statement_digests_hold": statements, "seals_hold": seals, "payment_file_equals_orders": lists}


def _tiers() -> dict[str, int]:
    """Whether the sum from which a month takes two approvers is what its release says for that month."""
    return {"approval_tiers_equal_release": sum(not _holds(_tier_of_release, run) for run in books.runs())}


def _tier_of_release(run: SettlementRun) -> bool:
    return cockpit.tier_rule(rulesets.rulebook(run.policy_sha256), run.month).value == run.second_approval_from

"""What a seal covers, as text: statements with their claims, and the payment list; no clock, no surrogate key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence


def statement_digest(
    *,
    number: str,
    claim_count: int,
    total: int,
    lines: Iterable[tuple[str | int, ...]],
    differences: Iterable[tuple[str | int, ...]],
    claims_digest: str,
) -> str:
    """Fingerprint of one statement.

    `lines` are fund, scheme, count and the four amounts in fen, `differences` claim number, fund, scheme and amount.
    """
    return _digest([(number, claim_count, total), *sorted(lines), *sorted(differences), (claims_digest,)])


def month_digest(*, month: str, deposit_rate: int, statements: Iterable[tuple[str, str]], payment_list: str) -> str:
    """Fingerprint of a month: (number, fingerprint) of each statement, and the payment list."""
    return _digest([(month, deposit_rate), *sorted(statements), (payment_list,)])


def _digest(rows: Iterable[Sequence[str | int]]) -> str:
    text = "\n".join("\t".join(str(cell) for cell in row) for row in rows)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()

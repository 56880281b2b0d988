"""Claims that came over the interface, as the claim file they stand for: one reader judges both."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from claims.importing.claim_file import COLUMNS, FILING, LABELS


def as_file(claims: Sequence[Mapping[str, Any]]) -> bytes:
    """A csv with the columns of `docs/claim-file.md`; the first claim is line 2, and equal claims give equal bytes."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([LABELS[column.name] for column in COLUMNS])
    for claim in claims:
        writer.writerow([_cell(column.name, claim) for column in COLUMNS])
    return out.getvalue().encode()


def _cell(name: str, claim: Mapping[str, Any]) -> str:
    if name == FILING:
        return "是" if claim.get(name) else ""
    return str(claim.get(name, ""))

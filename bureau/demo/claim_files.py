"""A month's bills of one institution as the file that it would hand in; `docs/claim-file.md` describes the columns."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bureau.demo.bills import Bill
from bureau.kernel.money import format_yuan
from claims.importing.claim_file import LABELS


def content(bills: Sequence[Bill]) -> bytes:
    """The bytes of the file: UTF-8, comma-separated, yuan with two decimals."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(LABELS.values())
    writer.writerows(tuple(_cells(bill)[name] for name in LABELS) for bill in bills)
    return text.getvalue().encode()


def name(institution_code: str, month: str) -> str:
    """What the file is called."""
    return f"{month}-{institution_code}.csv"


def _cells(bill: Bill) -> dict[str, str]:
    return {
        "number": bill.number,
        "id_number": bill.id_number,
        "name": bill.name,
        "service_date": bill.service_date.isoformat(),
        "care": bill.care.label,
        "total": format_yuan(bill.total),
        "excluded": format_yuan(bill.excluded),
        "over_ceiling": format_yuan(bill.over_ceiling),
        "upfront_copay": format_yuan(bill.upfront_copay),
        "care_area": bill.care_area,
        "filing": "是" if bill.is_filed else "否",
    }

"""The one way in which a file leaves: to be kept and never shown, under a name that cannot break the answer's head."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(content: bytes | str, *, name: str, kind: str) -> HttpResponse:
    """`name` is ours; of what a file was called when it came nothing is used."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return response

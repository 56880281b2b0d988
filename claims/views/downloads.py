"""Files that are handed to the browser."""

from __future__ import annotations

from django.http import HttpResponse


def csv_response(text: str, name: str) -> HttpResponse:
    """A csv that spreadsheets open with the right characters (with a byte order mark)."""
    response = HttpResponse("\ufeff" + text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response

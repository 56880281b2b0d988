"""Pages with one thing to say that ask the database nothing: they must come when nothing else does."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers


def plain_page(template: str, status: int, **context: Any) -> HttpResponse:
    """The page without the frame of the signed-in person."""
    answer = HttpResponse(render_to_string(template, context), status=status)
    add_never_cache_headers(answer)
    return answer

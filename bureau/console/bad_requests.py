"""What no browser of ours sends is refused at the door, in Chinese and with 400, and never becomes an error of ours.

NUL bytes stop before anything looks at them (session key and path included), and so do other methods than a browser's
and bodies beyond every file that we take; numbers and texts that only the database finds absurd are refused when it
does.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db import DataError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError

from bureau.console.plain_pages import plain_page
from bureau.kernel import sheets

logger = logging.getLogger(__name__)

# NUL, and halves of pairs that make no sign.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_UNSOUND = "浏览器送来的内容含有不能识别的字符。请返回上一页重新填写。"
_TOO_LARGE = f"送来的内容过大，没有接收：文件不得超过 {sheets.MAX_BYTES // 1024 // 1024} MB。请拆分后重新上传。"
_ABSURD = "填写的内容超出了系统能够处理的范围（例如数字过大、日期过远）。请返回上一页改正。"

METHODS = frozenset({"GET", "HEAD", "POST"})
# The largest file, and room for what a form has beside it.
MOST_BYTES = sheets.MAX_BYTES + 1024 * 1024


class BadRequests:
    """Stands before sessions, sign-in and views."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _has_unsound_head(request):
            return plain_page("400.html", 400, sentence=_UNSOUND)
        # The institutions' interface has fewer methods, a bound of its own, and refuses in its own shape.
        is_of_pages = not request.path_info.startswith("/api/")
        if is_of_pages and _length(request) > MOST_BYTES:
            return plain_page("400.html", 413, sentence=_TOO_LARGE)
        if is_of_pages and request.method not in METHODS:
            response: HttpResponse = HttpResponseNotAllowed(sorted(METHODS))
        else:
            response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response.get("Allow", "")
            response = plain_page("405.html", 405)
            response["Allow"] = allowed
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """What a form carries; Django itself refuses too many fields, too much and what is no form."""
        if request.method != "POST":
            return None
        try:
            texts = [
                *_pairs(request.POST.lists()),
                *(file.name or "" for _, files in request.FILES.lists() for file in files),
            ]
        except UnreadablePostError:
            return plain_page("400.html", 400, sentence=_UNSOUND)
        return plain_page("400.html", 400, sentence=_UNSOUND) if _is_unsound(texts) else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DataError | OverflowError | UnicodeError):
            return None
        # The exception's words may repeat what was sent; its kind and the place suffice.
        match = request.resolver_match
        logger.warning("refused as absurd: %s at %s", type(exception).__name__, match.view_name if match else "?")
        return plain_page("400.html", 400, sentence=_ABSURD)


def _length(request: HttpRequest) -> int:
    """As announced; more than that the server does not hand on."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _has_unsound_head(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    # Asked for before anything is decoded with it: Python has codecs that are none of text.
    if charset not in {"utf-8", "utf8"}:
        return True
    said = _pairs(request.GET.lists())
    return _is_unsound([request.path_info, *said, *request.COOKIES.keys(), *request.COOKIES.values()])


def _pairs(lists: Iterable[tuple[str, Iterable[Any]]]) -> list[str]:
    return [text for name, values in lists for text in (name, *map(str, values))]


def _is_unsound(texts: Iterable[str]) -> bool:
    return any(_NO_TEXT.search(text) for text in texts)

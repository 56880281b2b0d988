"""How often one person may search and take files out. Doors are named by their address, as in the menu.

Counted in PostgreSQL before the view runs: without the database there is neither count nor page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse

from bureau.console.addresses import address_of
from bureau.console.plain_pages import plain_page
from bureau.organization.services import sign_in, tallies


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within a while."""

    name: str
    most: int
    within: timedelta
    sentence: str


SEARCH = Limit("search", 120, timedelta(minutes=10), "短时间内查询次数过多，已暂停查询。")
SUGGEST = Limit("suggest", 600, timedelta(minutes=10), "短时间内查询次数过多，已暂停查询。")
DOWNLOAD = Limit("download", 60, timedelta(hours=1), "一小时内下载、导出次数过多，已暂停下载。")
DOOR = Limit("door", 300, timedelta(minutes=15), "来自同一地址的登录请求过多。")
PASSWORD = Limit("password", 10, timedelta(minutes=15), "短时间内修改密码次数过多。")

_SENT = {
    "portal:search": SEARCH,
    "enrollment:find": SEARCH,
    "portal:sign_in": DOOR,
    "portal:code": DOOR,
    "portal:enroll": DOOR,
    "admin:password_change": PASSWORD,
    "relief:roster_errors": DOWNLOAD,
    "claims:batch_refused": DOWNLOAD,
    "claims:settlement_payments": DOWNLOAD,
    "portal:export": DOWNLOAD,
}
_OPENED = {
    "admin:autocomplete": SUGGEST,
    "simulation:workbook": DOWNLOAD,
    "claims:settlement_payments": DOWNLOAD,
}


def limit_of(request: HttpRequest, name: str) -> Limit | None:
    """Which limit stands at this door, if any."""
    if name in _OPENED:
        return _OPENED[name]
    if request.method == "POST":
        is_table = name.startswith("admin:") and name.endswith("_export")
        return DOWNLOAD if is_table else _SENT.get(name)
    is_list = name.startswith("admin:") and name.endswith("_changelist")
    return SEARCH if is_list and request.GET.get("q") else None


class Limits:
    """Asks before the view runs, and outside its transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        limit = limit_of(request, match.view_name) if match else None
        if limit is None:
            return None
        count = tallies.take(f"{limit.name}:{_who(request)}", most=limit.most, within=limit.within)
        return too_often(limit.sentence, count.seconds) if count.is_over else None


def _who(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"staff:{request.user.pk}"
    return f"address:{sign_in.hashed(address_of(request))}"


def too_often(sentence: str, seconds: int) -> HttpResponse:
    """429, and when to come again."""
    minutes = -(-seconds // 60)
    answer = plain_page("429.html", 429, sentence=sentence, minutes=minutes)
    answer["Retry-After"] = str(seconds)
    return answer

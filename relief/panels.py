"""What relief shows on pages below it: waiting rosters at home, statuses in the person's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse

from bureau.console import access, panels, waiting
from bureau.organization.terms import Duty
from bureau.trail.terms import BatchStage
from relief.selectors import rosters, statuses
from relief.terms import RosterSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest

    from bureau.console.waiting import Waiting


def to_confirm(request: HttpRequest) -> Iterator[Waiting]:
    """Rosters that wait for a second person, unless this person is the first."""
    by = access.staff(request)
    yield from _line(list(rosters.waiting(by, BatchStage.READY).exclude(opened_by=by)), "待复核名单", "复核名单")


def to_settle(request: HttpRequest) -> Iterator[Waiting]:
    """Rosters with rows in error."""
    found = list(rosters.waiting(access.staff(request), BatchStage.HAS_ERRORS))
    yield from _line(found, "待处理异常的名单", "处理异常")


def relief_of_person(person: Any, found: panels.Context) -> panels.Context:
    """Every status of a person, with its source in words."""
    ever = statuses.statuses_of(person.pk)
    return {"statuses": [{"status": status, "source": RosterSource.label_of(status.source)} for status in ever]}


def _line(batches: list[Any], title: str, button: str) -> Iterator[Waiting]:
    if not batches:
        return
    oldest = batches[0]
    url = reverse("relief:roster", args=[oldest.pk])
    detail = f"最早：{RosterSource.label_of(oldest.source)} {oldest.month}，{oldest.opened_by} 交入"
    yield waiting.Waiting(count=len(batches), title=title, url=url, button=button, detail=detail)


waiting.register(to_confirm, Duty.RELIEF_CHECK, order=40)
waiting.register(to_settle, Duty.RELIEF, order=40)
panels.register(
    panels.PERSON,
    lambda request, person: {},
    complete=relief_of_person,
    template="relief/panels/person.html",
    order=20,
)

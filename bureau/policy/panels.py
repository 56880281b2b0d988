"""Drafted law that waits, for its second person or back with its drafter; parameters in the search box."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, search, waiting
from bureau.console.menu import BUSINESS
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.rules import catalog
from bureau.policy.selectors import releases, rulesets
from bureau.policy.terms import ReleaseStage

# One character stands everywhere.
_SHORTEST = 2
_TO_CHECK = (
    (ReleaseStage.SUBMITTED, "份政策待逐处核对", "核对改动"),
    (ReleaseStage.CHECKED, "份政策待发布", "发布政策"),
)


def _for_the_second_person(request: HttpRequest) -> Iterator[waiting.Waiting]:
    by = access.staff(request)
    for stage, title, button in _TO_CHECK:
        for release in releases.waiting_in(stage):
            if release.drafted_by_id != by.pk:
                yield waiting.Waiting(
                    count=1,
                    title=title,
                    url=reverse("policy:draft", args=[release.pk]),
                    button=button,
                    detail=f"{release.drafted_by}起草：{release.note or '（无说明）'}",
                )


def _for_the_drafter(request: HttpRequest) -> Iterator[waiting.Waiting]:
    by = access.staff(request)
    for release in releases.waiting_in(ReleaseStage.DRAFT):
        if release.drafted_by_id == by.pk:
            yield waiting.Waiting(
                count=1,
                title="份草稿被退回" if release.return_reason else "份草稿尚未送审",
                url=reverse("policy:draft", args=[release.pk]),
                button="继续起草",
                detail=release.return_reason or release.note,
                is_urgent=bool(release.return_reason),
            )


def _find(request: HttpRequest, text: str) -> Iterator[search.Hit]:
    """Parameters by name, words, document number or requirement, in the law in force."""
    if len(text) < _SHORTEST:
        return
    try:
        found = catalog.catalog(rulesets.rulebook_in_force())
    except BusinessError:
        return
    for entry in catalog.entries_about(found, text)[: search.MOST_PER_GROUP + 1]:
        url = reverse("policy:parameter", args=[entry.name])
        yield search.Hit(entry.title, url, detail=entry.name, is_exact=text == entry.name)


search.register("政策参数", _find, *BUSINESS, order=60)
waiting.register(_for_the_second_person, Duty.POLICY_CHECK, order=20)
waiting.register(_for_the_drafter, Duty.POLICY, order=20)

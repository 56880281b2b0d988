"""Drafted law that waits for its second person; parameters and clauses in the search box."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, search, waiting
from bureau.console.menu import BUSINESS
from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.rules import catalog
from bureau.policy.selectors import rulesets
from bureau.policy.terms import ReleaseStage

# One character stands everywhere.
_SHORTEST = 2


def _to_publish(request: HttpRequest) -> Iterator[waiting.Waiting]:
    drafts = Release.objects.filter(stage=ReleaseStage.DRAFT.value).exclude(drafted_by=access.staff(request))
    for release in drafts.select_related("drafted_by").defer("content"):
        yield waiting.Waiting(
            count=1,
            title="份政策待复核发布",
            url=reverse("policy:publish", args=[release.pk]),
            button="复核发布",
            detail=f"{release.drafted_by}起草：{release.note or '（无说明）'}",
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
waiting.register(_to_publish, Duty.POLICY_CHECK, order=20)

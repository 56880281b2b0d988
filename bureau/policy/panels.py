"""Drafted law that waits for its second person."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, waiting
from bureau.organization.terms import Duty
from bureau.policy.models import Release
from bureau.policy.terms import ReleaseStage


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


waiting.register(_to_publish, Duty.POLICY_CHECK, order=20)

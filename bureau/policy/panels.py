"""Drafted law that waits: for its second person, or back with its drafter."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse

from bureau.console import access, waiting
from bureau.organization.terms import Duty
from bureau.policy.selectors import releases
from bureau.policy.terms import ReleaseStage

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


waiting.register(_for_the_second_person, Duty.POLICY_CHECK, order=20)
waiting.register(_for_the_drafter, Duty.POLICY, order=20)

"""Releases of the city's law, to be read: the hash that adjudications carry and the documents inside."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from bureau.console import access
from bureau.console.menu import BUSINESS
from bureau.console.model_admin import ReadOnlyAdmin
from bureau.console.templatetags.portal import stage_tag, validity
from bureau.kernel.errors import BusinessError
from bureau.policy.forms.browser import SHORT
from bureau.policy.models import Release
from bureau.policy.selectors.laws import ISSUED
from bureau.policy.selectors.rulesets import rulebook
from bureau.policy.services.entitlement import key_of
from bureau.policy.views.draft_page import READERS as DRAFT_READERS

_TABLE = (
    '<table class="grid"><thead><tr><th scope="col">文件</th><th scope="col">文号</th><th scope="col">有效期</th>'
    '<th scope="col" class="count">引用条款</th></tr></thead><tbody>{}</tbody></table>'
)


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    """政策发布。"""

    # The law is the same for everybody in the city.
    area_path = None
    view_duties = BUSINESS
    list_display = ("title", "stage_word", "note", "published_by", "published_at", "law", "desk")
    list_display_links = ("title",)
    list_filter: ClassVar = ["stage"]
    list_select_related = ("published_by",)
    fields: ClassVar = [
        "title", "stage_word", "sha256", "note", "drafted_by", "created_at", "published_by", "published_at",
        "law", "desk", "documents",
    ]  # fmt: skip
    readonly_fields: ClassVar = ["title", "stage_word", "law", "desk", "documents"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """What is or was law, for everybody; drafts for those who work on them."""
        rows = super().get_queryset(request).defer("content")
        return rows if access.may(request, *DRAFT_READERS) else rows.filter(stage__in=ISSUED)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return _open_to(request, super().get_list_display(request))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return _open_to(request, super().get_fields(request, obj))

    def history_key(self, release: Release) -> str:
        return key_of(release)

    @admin.display(description="发布", ordering="number")
    def title(self, release: Release) -> str:
        return str(release)

    @admin.display(description="状态", ordering="stage")
    def stage_word(self, release: Release) -> str:
        return stage_tag(release.stage, release.get_stage_display())

    @admin.display(description="内容")
    def law(self, release: Release) -> str:
        return format_html('<a href="{}?release={}">条款</a>', reverse("policy:documents"), release.sha256[:SHORT])

    @admin.display(description="办理")
    def desk(self, release: Release) -> str:
        return format_html('<a href="{}">办理页</a>', reverse("policy:draft", args=[release.pk]))

    @admin.display(description="所含文件")
    def documents(self, release: Release) -> str:
        try:
            found = rulebook(release.sha256).documents
        except BusinessError as error:
            return error.message
        rows = format_html_join(
            "",
            '<tr><th scope="row">{}</th><td>{}</td><td class="nowrap">{}</td><td class="count">{}</td></tr>',
            (
                (
                    document.title,
                    document.number or "—",
                    validity(document.valid_from, document.valid_until),
                    len(document.clauses),
                )
                for document in found
            ),
        )
        return format_html(_TABLE, rows)


def _open_to(request: HttpRequest, names: Any) -> list[Any]:
    """Without the way to the drafting desk for those whom it would refuse."""
    return [name for name in names if name != "desk" or access.may(request, *DRAFT_READERS)]

"""Statuses and roster rows, to be read: rosters write them, through the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from bureau.console.model_admin import ReadOnlyAdmin
from bureau.kernel.identity import mask_id
from bureau.organization.terms import Duty
from relief.models import ReliefStatus
from relief.terms import RosterSource

_READERS = (Duty.RELIEF, Duty.RELIEF_CHECK, Duty.COUNTER, Duty.AUDIT, Duty.LEADER_COUNTY, Duty.LEADER_CITY)


class OfSource(admin.SimpleListFilter):
    """Which office's roster."""

    title = "来源"
    parameter_name = "source"

    def lookups(self, *_: Any) -> list[tuple[str, str]]:
        return RosterSource.choices()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(source=self.value())


@admin.register(ReliefStatus)
class ReliefStatusAdmin(ReadOnlyAdmin):
    """救助对象：谁、哪一类、自何时起。"""

    view_duties = _READERS
    list_display = (
        "person",
        "masked_number",
        "category",
        "sender",
        "town",
        "valid_from",
        "valid_until",
    )
    list_filter = ("category", OfSource)
    list_select_related = ("person",)
    search_fields: ClassVar = ["person__name"]
    search_help_text = "姓名"
    readonly_fields: ClassVar = ["sender"]
    fields: ClassVar = [
        "person",
        "masked_number",
        "category",
        "sender",
        "area",
        "town",
        "village",
        "granted_on",
        "valid_from",
        "valid_until",
        "settled_until",
    ]
    ordering: ClassVar = ["-valid_from", "person"]

    @admin.display(description="来源", ordering="source")
    def sender(self, status: ReliefStatus) -> str:
        return RosterSource.label_of(status.source)

    @admin.display(description="身份证号")
    def masked_number(self, status: ReliefStatus) -> str:
        return mask_id(status.person.id_number)

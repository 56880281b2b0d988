"""Statuses and roster rows, to be read: rosters write them, through the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from bureau.console import access
from bureau.console.model_admin import ReadOnlyAdmin
from bureau.console.names import SearchedByName
from bureau.kernel.identity import mask_id
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
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
class ReliefStatusAdmin(SearchedByName, ReadOnlyAdmin):
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

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and self.has_view_permission(request, row):
            reads.record(
                kind=ReadKind.VIEWED,
                subject_kind="person",
                subject_key=str(row.person_id),
                screen="admin.reliefstatus",
                area_code=row.area_id,
                by=access.staff(request),
            )
        return super().changeform_view(request, object_id, *args, **kwargs)

    @admin.display(description="来源", ordering="source")
    def sender(self, status: ReliefStatus) -> str:
        return RosterSource.label_of(status.source)

    @admin.display(description="身份证号")
    def masked_number(self, status: ReliefStatus) -> str:
        return mask_id(status.person.id_number)

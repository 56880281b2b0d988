"""Statuses and roster rows, to be read: rosters write them, through the desk."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from bureau.console.model_admin import ReadOnlyAdmin
from bureau.kernel.identity import mask_id
from bureau.organization.terms import Duty
from relief.models import ReliefStatus

_READERS = (Duty.RELIEF, Duty.RELIEF_CHECK, Duty.COUNTER, Duty.AUDIT, Duty.LEADER_COUNTY, Duty.LEADER_CITY)


@admin.register(ReliefStatus)
class ReliefStatusAdmin(ReadOnlyAdmin):
    """救助对象：谁、哪一类、自何时起。"""

    view_duties = _READERS
    list_display = (
        "person",
        "masked_number",
        "category",
        "source",
        "town",
        "valid_from",
        "valid_until",
    )
    list_filter = (
        "category",
        "source",
        "valid_from",
    )
    list_select_related = ("person",)
    search_fields: ClassVar = ["person__name"]
    fields: ClassVar = [
        "person",
        "masked_number",
        "category",
        "source",
        "area",
        "town",
        "village",
        "granted_on",
        "valid_from",
        "valid_until",
        "settled_until",
    ]
    ordering: ClassVar = ["-valid_from", "person"]

    @admin.display(description="身份证号")
    def masked_number(self, status: ReliefStatus) -> str:
        return mask_id(status.person.id_number)

"""People, coverage and recognitions, to be read; they change through services, which check and log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin

from bureau.console.model_admin import ReadOnlyAdmin
from bureau.kernel.identity import mask_id, mask_phone
from bureau.organization.terms import Duty
from enrollment.models import ChronicRecognition, Enrollment, Person

_READERS = (
    Duty.COUNTER,
    Duty.RELIEF,
    Duty.RELIEF_CHECK,
    Duty.REVIEW_FIRST,
    Duty.REVIEW_SECOND,
    Duty.REVIEW_FINAL,
    Duty.AUDIT,
    Duty.LEADER_COUNTY,
    Duty.LEADER_CITY,
)


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    """个人档案。"""

    view_duties = _READERS
    masked_fields: ClassVar = {"id_number": mask_id, "phone": mask_phone}
    list_display = (
        "name",
        "id_number",
        "gender",
        "area",
        "is_registered_poor",
        "deceased_on",
    )
    list_filter = (
        "gender",
        "is_registered_poor",
    )
    list_select_related = ("area",)
    search_fields: ClassVar = ["name"]
    search_help_text = "姓名"
    fields: ClassVar = ["name", "id_number", "gender", "born_on", "deceased_on", "phone", "area", "is_registered_poor"]


class _OfPersonAdmin(ReadOnlyAdmin):
    """Rows that belong to a person, shown with name and masked number."""

    view_duties = _READERS
    list_select_related = (
        "person",
        "area",
    )
    search_fields: ClassVar = ["person__name"]
    search_help_text = "姓名"

    @admin.display(description="身份证号")
    def masked_number(self, row: Enrollment | ChronicRecognition) -> str:
        return mask_id(row.person.id_number)


@admin.register(Enrollment)
class EnrollmentAdmin(_OfPersonAdmin):
    """参保登记。"""

    list_display = (
        "person",
        "masked_number",
        "scheme",
        "employment",
        "area",
        "valid_from",
        "valid_until",
    )
    list_filter = (
        "scheme",
        "employment",
    )
    fields: ClassVar = ["person", "masked_number", "scheme", "employment", "area", "valid_from", "valid_until"]


@admin.register(ChronicRecognition)
class ChronicRecognitionAdmin(_OfPersonAdmin):
    """慢性病认定。"""

    list_display = (
        "person",
        "masked_number",
        "disease_name",
        "disease_code",
        "valid_from",
        "valid_until",
    )
    list_filter = ("disease_name",)
    fields: ClassVar = [
        "person",
        "masked_number",
        "disease_code",
        "disease_name",
        "area",
        "valid_from",
        "valid_until",
    ]

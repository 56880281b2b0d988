"""People, coverage and recognitions, to be read; they change through services, which check and log."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from bureau.console import access
from bureau.console.model_admin import ReadOnlyAdmin
from bureau.console.names import SearchedByName
from bureau.console.templatetags.portal import age
from bureau.kernel.identity import mask_id, mask_phone
from bureau.organization.terms import Duty
from bureau.trail.services import reads
from bureau.trail.terms import ReadKind
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


class _OfPeople(SearchedByName, ReadOnlyAdmin):
    """Whoever opens a row is written down."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else None
        if row is not None and self.has_view_permission(request, row):
            self._note(request, row)
        return super().changeform_view(request, object_id, *args, **kwargs)

    def history_opened(self, request: HttpRequest, obj: Any) -> None:
        self._note(request, obj)

    def _note(self, request: HttpRequest, row: Any) -> None:
        person = self.person_of(row)
        reads.record(
            kind=ReadKind.VIEWED,
            subject_kind="person",
            subject_key=str(person.pk),
            screen=f"admin.{self.opts.model_name}",
            area_code=person.area_id,
            by=access.staff(request),
        )

    def person_of(self, row: Any) -> Person:
        return row.person


@admin.register(Person)
class PersonAdmin(_OfPeople):
    """个人档案；出生日期藏在证件号里，只显示年龄。"""

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
    fields: ClassVar = ["name", "id_number", "gender", "age", "deceased_on", "phone", "area", "is_registered_poor"]
    readonly_fields: ClassVar = ["age"]

    def person_of(self, row: Person) -> Person:
        return row

    @admin.display(description="年龄")
    def age(self, person: Person) -> str:
        return age(person.born_on)


class _OfPersonAdmin(_OfPeople):
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

"""The directory of institutions with their agreements and capabilities; they change through services."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from bureau.console.model_admin import ReadOnlyAdmin
from bureau.kernel.identity import mask_account, mask_phone
from bureau.organization.terms import Duty
from institutions.models import Agreement, Institution, InstitutionCapability

_READERS = tuple(duty for duty in Duty if duty not in (Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL))


class _ToRead(admin.TabularInline):
    """Rows of an institution, shown under it."""

    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class AgreementInline(_ToRead):
    """服务协议。"""

    model = Agreement
    fields = ("number", "stage", "signed_on", "valid_from", "valid_until")


class CapabilityInline(_ToRead):
    """服务资格。"""

    model = InstitutionCapability
    fields = ("capability", "valid_from", "valid_until")


@admin.register(Institution)
class InstitutionAdmin(ReadOnlyAdmin):
    """机构名录。"""

    view_duties = _READERS
    masked_fields: ClassVar = {"bank_account": mask_account, "contact": mask_phone}
    list_display = (
        "code",
        "name",
        "kind",
        "level",
        "area",
    )
    list_filter = (
        "kind",
        "level",
        "area",
    )
    list_select_related = ("area",)
    search_fields: ClassVar = ["=code", "name"]
    search_help_text = "编码或名称"
    fields: ClassVar = [
        "code",
        "name",
        "kind",
        "level",
        "area",
        "credit_code",
        "bank_name",
        "bank_account",
        "whole_account",
        "contact",
    ]
    readonly_fields: ClassVar = ["whole_account"]
    inlines: ClassVar = [AgreementInline, CapabilityInline]

    @admin.display(description="完整账号")
    def whole_account(self, institution: Institution) -> str:
        address = reverse("institutions:account", args=[institution.code])
        return format_html('<a href="{}">说明原因后查看</a>', address)


@admin.register(Agreement)
class AgreementAdmin(ReadOnlyAdmin):
    """服务协议。"""

    view_duties = _READERS
    list_display = (
        "number",
        "institution",
        "stage",
        "signed_on",
        "valid_from",
        "valid_until",
    )
    list_filter = ("stage",)
    list_select_related = ("institution",)
    search_fields: ClassVar = ["=number", "institution__name", "=institution__code"]
    search_help_text = "协议编号、机构名称或编码"
    fields: ClassVar = ["number", "institution", "area", "stage", "signed_on", "valid_from", "valid_until"]

"""The directory of institutions with their agreements and capabilities; they change through services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from bureau.console import access
from bureau.console.model_admin import ReadOnlyAdmin, ServiceAdmin
from bureau.console.templatetags.portal import stage_tag
from bureau.kernel.identity import mask_account, mask_phone
from bureau.organization.services import institution_keys
from bureau.organization.terms import Duty
from institutions.models import Agreement, Institution, InstitutionCapability
from institutions.selectors import directory

if TYPE_CHECKING:
    from bureau.organization.models import InstitutionKey

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

    def history_key(self, institution: Institution) -> str:
        return institution.code

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


class KeyForm(forms.ModelForm):
    """A new key asks for the institution alone; a known one may only be revoked."""

    reason = forms.CharField(label="吊销原因", max_length=200, help_text="保存后该密钥立即失效，不能恢复。")

    class Meta:
        model = apps.get_model("organization.InstitutionKey")
        fields = ("institution_code", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            del self.fields["reason"]

    def clean_institution_code(self) -> str:
        code = str(self.cleaned_data["institution_code"]).strip().upper()
        if code not in directory.by_codes([code]):
            raise forms.ValidationError("没有这个编码的定点机构，请核对机构编码。")
        return code


@admin.register(apps.get_model("organization.InstitutionCall"))
class InstitutionCallAdmin(ReadOnlyAdmin):
    """接口调用：机构的系统何时调了什么、结果如何。"""

    view_duties = (Duty.INSTITUTIONS, Duty.SECURITY, Duty.TRAIL)
    list_display = ("at", "institution_code", "what", "status", "subject_key", "key")
    list_display_links = ("at",)
    list_filter: ClassVar = ["status"]
    list_select_related = ("key",)
    search_fields: ClassVar = ["=institution_code", "=idempotency_key"]
    search_help_text = "机构编码或幂等键"
    date_hierarchy = "at"
    fields: ClassVar = [
        "at",
        "institution_code",
        "key",
        "what",
        "status",
        "idempotency_key",
        "fingerprint",
        "subject_key",
    ]


@admin.register(apps.get_model("organization.InstitutionKey"))
class InstitutionKeyAdmin(ServiceAdmin):
    """接口密钥：签发（同时更换旧的）与吊销；明文只在签发后的一页显示。"""

    view_duties = (Duty.INSTITUTIONS, Duty.SECURITY, Duty.TRAIL)
    change_duties = (Duty.INSTITUTIONS,)
    form = KeyForm
    list_display = ("institution_code", "prefix", "state", "issued_at", "ends_at", "issued_by")
    list_display_links = ("institution_code", "prefix")
    list_select_related = ("issued_by",)
    search_fields: ClassVar = ["=institution_code", "=prefix"]
    search_help_text = "机构编码或密钥前缀"

    def get_fields(self, request: HttpRequest, obj: InstitutionKey | None = None) -> list[Any]:
        if obj is None:
            return ["institution_code"]
        return ["institution_code", "prefix", "state", "issued_at", "issued_by", "ends_at", "revoked_at", "reason"]

    def get_readonly_fields(self, request: HttpRequest, obj: InstitutionKey | None = None) -> list[Any]:
        return [name for name in self.get_fields(request, obj) if name != "reason"] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.revoked_at is None)

    @admin.display(description="状态")
    def state(self, key: InstitutionKey) -> str:
        if key.revoked_at is not None:
            return stage_tag("revoked", "已吊销")
        return stage_tag("active", "有效") if key.ends_at > timezone.now() else stage_tag("expired", "已失效")

    def serve(self, request: HttpRequest, obj: InstitutionKey, form: Any, *, is_new: bool) -> InstitutionKey:
        by = access.staff(request)
        if not is_new:
            return institution_keys.revoke(obj, reason=form.cleaned_data["reason"], by=by)
        institution = directory.by_codes([obj.institution_code])[obj.institution_code]
        issued = institution_keys.issue(institution_code=institution.code, area_code=institution.area_id, by=by)
        request._portal_key = issued  # type: ignore[attr-defined]
        return issued.key

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """The one page that shows the key; it is nowhere kept, not even until the next page."""
        issued = request._portal_key  # type: ignore[attr-defined]
        context = {"title": "接口密钥已签发", "issued": issued, "overlap": institution_keys.OVERLAP.days}
        return render(request, "institutions/key_issued.html", context)

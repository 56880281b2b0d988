"""Staff, duties, offices and areas as tables. Saving calls the services, which check, write and log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.console import access
from bureau.console.admin.forms import AssignmentForm, StaffChoice, StaffForm
from bureau.console.model_admin import ServiceAdmin
from bureau.console.templatetags.portal import stage_tag
from bureau.organization.selectors import scope
from bureau.organization.selectors import staff as staff_selectors
from bureau.organization.services import areas, offices, staffing
from bureau.organization.terms import AreaLevel, Duty, OfficeKind

if TYPE_CHECKING:
    from bureau.organization.models import Area, DutyAssignment, Office, Staff

_KEEPERS = (Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL)


class DutyInline(admin.TabularInline):
    """The duties of a person, past and present; given and taken in their own table."""

    model = apps.get_model("organization.DutyAssignment")
    fields: ClassVar = ["duty", "valid_from", "valid_until"]
    readonly_fields: ClassVar = ["duty", "valid_from", "valid_until"]
    verbose_name_plural = "任职（任免在“任职”表办理）"
    extra = 0
    can_delete = False

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_view_permission(self, *_: Any) -> bool:
        return True


class InService(admin.SimpleListFilter):
    """Whether an account may sign in."""

    title = "账号"
    parameter_name = "is_active"

    def lookups(self, *_: Any) -> list[tuple[str, str]]:
        return [("yes", "启用"), ("no", "停用")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(is_active=self.value() == "yes")


class DutyHeld(admin.SimpleListFilter):
    """Who holds a duty today."""

    title = "现任岗位"
    parameter_name = "duty"

    def lookups(self, *_: Any) -> list[tuple[str, str]]:
        return [*Duty.choices(), ("none", "未任岗位")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else staff_selectors.holding(queryset, str(self.value()))


@admin.register(apps.get_model("organization.Staff"))
class StaffAdmin(ServiceAdmin):
    """工作人员。"""

    view_duties = _KEEPERS
    change_duties = (Duty.SYSTEM,)
    form = StaffForm
    list_display = ("username", "full_name", "area", "office", "duties_today", "state", "last_login")
    list_display_links = ("username", "full_name")
    list_filter: ClassVar = [InService, DutyHeld]
    list_select_related = ("area", "office")
    search_fields: ClassVar = ["username", "full_name"]
    search_help_text = "用户名或姓名"
    inlines: ClassVar = [DutyInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        held = Prefetch("duties", queryset=staff_selectors.assignments_today(), to_attr="held_today")
        return super().get_queryset(request).prefetch_related(held)

    def get_fieldsets(self, request: HttpRequest, obj: Staff | None = None) -> Any:
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": ["username", "full_name", "area", "office", "is_active", "last_login"]})]
        if obj is None:
            told = f"保存后显示一次初始密码，本人须在 {staffing.INITIAL_LIFE.days} 天内用它登录并改成自己的。"
            return [(None, {"fields": ["username", "full_name", "area", "office"], "description": told})]
        shown = [(None, {"fields": ["username", "full_name", "area", "office"]})]
        return [*shown, ("账号", {"fields": ["is_active", "reason", "new_password", "last_login"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Staff | None = None) -> list[Any]:
        return ["username", "last_login"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Staff | None) -> list[Any]:
        return self.inlines if obj else []

    @admin.display(description="账号", ordering="is_active")
    def state(self, staff: Any) -> str:
        return stage_tag("active", "启用") if staff.is_active else stage_tag("ended", "停用")

    @admin.display(description="现任岗位")
    def duties_today(self, staff: Any) -> str:
        return "、".join(Duty.label_of(held.duty) for held in staff.held_today) or "—"

    def serve(self, request: HttpRequest, obj: Staff, form: Any, *, is_new: bool) -> Staff:
        by, asked = access.staff(request), form.cleaned_data
        if is_new:
            staff = staffing.appoint(
                username=asked["username"],
                full_name=asked["full_name"],
                area_code=asked["area"].pk,
                office=asked["office"],
                by=by,
            )
            request._portal_password = staffing.issue_password(staff, by=by)  # type: ignore[attr-defined]
            return staff
        staff = staffing.rename(obj, full_name=asked["full_name"], by=by)
        staff = staffing.transfer(staff, area_code=asked["area"].pk, office=asked["office"], by=by)
        if asked["is_active"]:
            staff = staffing.reinstate(staff, by=by)
        else:
            staff = staffing.suspend(staff, reason=asked["reason"], by=by)
        if asked["new_password"]:
            request._portal_password = staffing.issue_password(staff, by=by)  # type: ignore[attr-defined]
        return staff

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return self._issued(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._issued(request, obj) or super().response_change(request, obj)

    def _issued(self, request: HttpRequest, obj: Any) -> HttpResponse | None:
        """The one page that shows an issued password; it is nowhere kept, not even until the next page."""
        word = getattr(request, "_portal_password", "")
        if not word:
            return None
        context = {"title": "初始密码已生成", "holder": obj, "word": word, "days": staffing.INITIAL_LIFE.days}
        return render(request, "portal/password_issued.html", context)


@admin.register(apps.get_model("organization.DutyAssignment"))
class DutyAssignmentAdmin(ServiceAdmin):
    """任职：谁从哪天起任什么岗位。"""

    area_path = "staff__area"
    view_duties = _KEEPERS
    change_duties = (Duty.SECURITY,)
    form = AssignmentForm
    list_display = ("staff", "username", "area", "duty", "valid_from", "valid_until")
    list_filter: ClassVar = ["duty"]
    list_select_related = ("staff", "staff__area")
    search_fields: ClassVar = ["staff__username", "staff__full_name"]
    search_help_text = "用户名或姓名"

    def get_fields(self, request: HttpRequest, obj: DutyAssignment | None = None) -> list[Any]:
        return ["staff", "duty", "valid_from", "valid_until"] if obj else ["staff", "duty", "valid_from"]

    def get_readonly_fields(self, request: HttpRequest, obj: DutyAssignment | None = None) -> list[Any]:
        return ["staff", "duty", "valid_from"] if obj else []

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Choose among the active people of one's own area."""
        active = apps.get_model("organization.Staff").objects.filter(is_active=True)
        kwargs |= {"queryset": scope.narrow(active, access.staff(request)), "form_class": StaffChoice}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="用户名", ordering="staff__username")
    def username(self, row: DutyAssignment) -> str:
        return row.staff.username

    @admin.display(description="所在区划", ordering="staff__area")
    def area(self, row: DutyAssignment) -> str:
        return str(row.staff.area or "—")

    def serve(self, request: HttpRequest, obj: DutyAssignment, form: Any, *, is_new: bool) -> Any:
        by, asked = access.staff(request), form.cleaned_data
        if is_new:
            return staffing.add_duty(asked["staff"], duty=Duty(asked["duty"]), since=asked["valid_from"], by=by)
        if asked["valid_until"] is not None:
            staffing.withdraw_duty(obj.staff, duty=Duty(obj.duty), until=asked["valid_until"], by=by)
        return obj


@admin.register(apps.get_model("organization.Office"))
class OfficeAdmin(ServiceAdmin):
    """科室窗口。"""

    view_duties = _KEEPERS
    change_duties = (Duty.SYSTEM,)
    list_display = ("name", "area", "kind")
    list_filter: ClassVar = ["kind"]
    list_select_related = ("area",)
    search_fields: ClassVar = ["name"]
    search_help_text = "名称"
    fields: ClassVar = ["area", "name", "kind"]

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> list[Any]:
        return ["area", "name"] if obj else []

    def serve(self, request: HttpRequest, obj: Office, form: Any, *, is_new: bool) -> Office:
        key = (obj.area_id, obj.name.strip())
        return offices.load([(*key, OfficeKind(obj.kind))], by=access.staff(request))[key]


@admin.register(apps.get_model("organization.Area"))
class AreaAdmin(ServiceAdmin):
    """区划。"""

    area_path = None
    view_duties = _KEEPERS
    change_duties = (Duty.SYSTEM,)
    list_display = ("code", "name", "level", "parent")
    list_display_links = ("code", "name")
    list_filter: ClassVar = ["level"]
    list_select_related = ("parent",)
    search_fields: ClassVar = ["code", "name"]
    search_help_text = "代码或名称"
    fields: ClassVar = ["code", "name", "level", "parent"]

    def get_readonly_fields(self, request: HttpRequest, obj: Area | None = None) -> list[Any]:
        return ["code", "level", "parent"] if obj else []

    def serve(self, request: HttpRequest, obj: Area, form: Any, *, is_new: bool) -> Area:
        areas.load([(obj.code, obj.name, AreaLevel(obj.level), obj.parent_id)], by=access.staff(request))
        return obj

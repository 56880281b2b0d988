"""The paper trail as tables: read, never touched; a batch's bytes and a log's keys are not for reading here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join

from bureau.console import access
from bureau.console.admin import words
from bureau.console.model_admin import ReadOnlyAdmin
from bureau.console.templatetags.portal import stage_tag
from bureau.organization.selectors import areas, scope
from bureau.organization.terms import Duty
from bureau.trail.terms import StepStage

if TYPE_CHECKING:
    from bureau.trail.models import ActionLog, ImportBatch, ReadRecord, Run

_KEEPERS = (Duty.SYSTEM, Duty.SECURITY, Duty.TRAIL)
_WATCHERS = (*_KEEPERS, Duty.AUDIT)


class _ByAreaCode(ReadOnlyAdmin):
    """Rows that keep their area as a plain code."""

    area_path = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        # Once per request: the names of all areas are few, and a row only keeps the code.
        self.area_names = areas.all_names()
        return scope.narrow_codes(super().get_queryset(request), access.staff(request))

    @admin.display(description="区划", ordering="area_code")
    def area_name(self, row: Any) -> str:
        return self.area_names.get(row.area_code, row.area_code) or "—"


class ActionKind(admin.SimpleListFilter):
    """What kind of deed."""

    title = "事项"
    parameter_name = "of"

    def lookups(self, *_: Any) -> list[tuple[str, str]]:
        return [
            ("portal", "登录、查询与导出"),
            ("portal.sign_in_failed", "登录失败"),
            ("portal.refused", "越权被拒"),
            ("portal.limit_reached", "超过限次"),
            ("enrollment", "参保管理"),
            ("institutions", "定点机构"),
            ("relief", "医疗救助"),
            ("claims", "费用与结算"),
            ("funds", "基金"),
            ("policy", "政策"),
            ("organization", "人员与区划"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        kind = self.value()
        return queryset if kind is None else queryset.filter(Q(action=kind) | Q(action__startswith=f"{kind}."))


@admin.register(apps.get_model("trail.ActionLog"))
class ActionLogAdmin(_ByAreaCode):
    """操作日志。"""

    view_duties = _WATCHERS
    list_display = ("at", "by", "summary", "area_name")
    list_display_links = ("at",)
    list_filter: ClassVar = [ActionKind]
    list_select_related = ("by",)
    search_fields: ClassVar = ["by__username", "by__full_name", "summary", "=subject_key"]
    search_help_text = "操作人、经过或对象编号"
    date_hierarchy = "at"
    fields: ClassVar = ["at", "by", "summary", "area_name", "action", "subject_kind", "subject_key", "kept_detail"]
    readonly_fields: ClassVar = ["area_name", "kept_detail"]

    @admin.display(description="明细")
    def kept_detail(self, line: ActionLog) -> str:
        return format_html_join("，", '<span class="mono">{}: {}</span>', line.detail.items()) or "—"


@admin.register(apps.get_model("trail.ReadRecord"))
class ReadRecordAdmin(_ByAreaCode):
    """查阅记录：谁看过谁，只给审计员看。"""

    view_duties = (Duty.TRAIL,)
    list_display = ("at", "by", "kind_word", "subject", "screen", "area_name")
    list_display_links = None
    list_filter: ClassVar = ["kind"]
    list_select_related = ("by",)
    search_fields: ClassVar = ["by__username", "by__full_name", "=subject_key"]
    search_help_text = "查阅人或对象编号"
    date_hierarchy = "at"
    fields: ClassVar = ["at", "by", "kind_word", "subject", "screen", "area_name"]
    readonly_fields: ClassVar = ["kind_word", "subject", "area_name"]

    @admin.display(description="种类", ordering="kind")
    def kind_word(self, line: ReadRecord) -> str:
        return line.get_kind_display()

    @admin.display(description="对象")
    def subject(self, line: ReadRecord) -> str:
        return f"{line.subject_kind} {line.subject_key}".strip()


@admin.register(apps.get_model("trail.ImportBatch"))
class ImportBatchAdmin(_ByAreaCode):
    """导入批次。"""

    history_kinds = ("roster", "claim_batch")
    view_duties = _WATCHERS
    list_display = (
        "id",
        "kind",
        "month",
        "area_name",
        "sender",
        "file_name",
        "stage_word",
        "opened_by",
        "opened_at",
    )
    list_display_links = ("id", "file_name")
    list_filter: ClassVar = ["kind", "stage"]
    list_select_related = ("opened_by",)
    search_fields: ClassVar = ["file_name", "source", "month"]
    search_help_text = "文件名、来源或月份"
    fields: ClassVar = [
        "kind", "sender", "area_name", "month", "file_name", "sha256", "stage_word", "message", "figures",
        "opened_by", "opened_at", "confirmed_by", "confirmed_at",
    ]  # fmt: skip
    readonly_fields: ClassVar = ["sender", "area_name", "stage_word", "figures"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("content")

    @admin.display(description="状态", ordering="stage")
    def stage_word(self, batch: ImportBatch) -> str:
        return stage_tag(batch.stage, batch.get_stage_display())

    @admin.display(description="来源", ordering="source")
    def sender(self, batch: ImportBatch) -> str:
        return words.SENDERS.get(batch.source, batch.source)

    @admin.display(description="计数")
    def figures(self, batch: ImportBatch) -> str:
        pairs = ((words.COUNTS[key], count) for key, count in batch.counts.items() if key in words.COUNTS)
        return format_html_join("，", "{} {}", pairs) or "—"


@admin.register(apps.get_model("trail.Run"))
class RunAdmin(ReadOnlyAdmin):
    """作业与步骤。"""

    area_path = None
    view_duties = (*_KEEPERS, Duty.FINANCE, Duty.FINANCE_APPROVAL)
    list_display = ("work", "period", "stage_word", "done", "opened_by", "opened_at", "finished_at", "message")
    list_display_links = ("work", "period")
    list_filter: ClassVar = ["stage"]
    list_select_related = ("opened_by",)
    fields: ClassVar = [
        "job",
        "period",
        "stage_word",
        "done",
        "message",
        "opened_by",
        "opened_at",
        "finished_at",
        "left",
    ]
    readonly_fields: ClassVar = ["work", "stage_word", "done", "left"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        finished = Count("steps", filter=Q(steps__stage=StepStage.DONE.value))
        return super().get_queryset(request).annotate(step_count=Count("steps"), done_count=finished)

    @admin.display(description="状态", ordering="stage")
    def stage_word(self, run: Run) -> str:
        return stage_tag(run.stage, run.get_stage_display())

    @admin.display(description="作业", ordering="job")
    def work(self, run: Run) -> str:
        return words.JOBS.get(run.job, run.job)

    @admin.display(description="完成步数")
    def done(self, run: Any) -> str:
        return f"{run.done_count} / {run.step_count}"

    @admin.display(description="未完成的步骤")
    def left(self, run: Run) -> str:
        waiting = run.steps.exclude(stage=StepStage.DONE.value)[:50]
        lines = ((step.key, step.get_stage_display(), step.attempts, step.error) for step in waiting)
        return format_html_join("", "<p>{} {}（已试 {} 次）{}</p>", lines) or format_html("{}", "没有")

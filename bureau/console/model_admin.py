"""The one base of the admin's tables: rows by area, doors by duty, money in yuan, IDs masked, deeds in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bureau.console import access, history, security_events
from bureau.console.exports import page as export_page
from bureau.console.exports.tables import TableResource
from bureau.fields import MoneyField
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import mask_account, mask_id
from bureau.kernel.money import format_yuan
from bureau.organization.selectors import scope
from bureau.organization.terms import Duty
from bureau.trail.services import actions

# Columns that are shown masked, wherever a path ends in one.
MASKED = frozenset({"id_number", "phone", "bank_account"})
# What the stock filters ask.
_FILTER_VERBS = frozenset({"exact", "in", "isnull", "gte", "lt", "year", "month", "day"})


class PortalModelAdmin(admin.ModelAdmin):
    """Declare `view_duties` and `change_duties` (empty: nobody changes); rows are narrowed by `area_path`."""

    # The path to the owning area; None where a table belongs to the whole city.
    area_path: ClassVar[str | None] = "area"
    view_duties: ClassVar[tuple[Duty, ...]] = ()
    change_duties: ClassVar[tuple[Duty, ...]] = ()
    # Who takes the list out as a file; None: whoever sees it.
    export_duties: ClassVar[tuple[Duty, ...] | None] = None
    # Names under which the action log keeps rows of this table, besides the table's own.
    history_kinds: ClassVar[tuple[str, ...]] = ()
    masked_fields: ClassVar[dict[str, Callable[[str], str]]] = {"id_number": mask_id, "bank_account": mask_account}

    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    save_on_top = False
    show_facets = admin.ShowFacets.NEVER
    view_on_site = False
    actions_selection_counter = False
    # The browser's own date input: it needs no script, and it speaks the user's language.
    formfield_overrides: ClassVar = {
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
    }

    def __init__(self, model: type[Model], admin_site: admin.AdminSite) -> None:
        super().__init__(model, admin_site)
        self._shown_as = {
            column.name: display
            for column in model._meta.get_fields()
            if (display := self._display_of(column)) is not None
        }

    # Rows and doors

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if self.area_path is None else scope.narrow(rows, access.staff(request), path=self.area_path)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A choice offers, and takes, what the table chosen from shows to this person; nothing where there is none."""
        model = db_field.remote_field.model
        if self.admin_site.is_registered(model):
            kwargs.setdefault("queryset", self.admin_site.get_model_admin(model).get_queryset(request))
        else:
            kwargs.setdefault("queryset", QuerySet(model).none())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may(request, *self.view_duties) or self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return self.has_change_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.change_duties) and access.may(request, *self.change_duties)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted: what ends gets an end date."""
        return False

    # What may be asked by address: the filters that the page shows, and nothing about what is masked

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Only what a filter of this list sends: any other lookup would let masked digits be guessed one by one."""
        offered = self._filters_offered(request)
        if lookup in offered:
            return True
        column, _, verb = lookup.rpartition("__")
        return verb in _FILTER_VERBS and column in offered and not self._is_masked(column)

    def _filters_offered(self, request: HttpRequest) -> set[str]:
        offered = {self.date_hierarchy} if self.date_hierarchy else set()
        for item in self.get_list_filter(request):
            name = item[0] if isinstance(item, list | tuple) else item
            name = getattr(name, "parameter_name", name)
            offered.add(str(name))
            if isinstance(name, str) and (target := _target_of(self.model, name)):
                # A filter by another table sends the key of its row: area__code__exact.
                offered.add(f"{name}__{target}")
        return offered

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Without masked ones: what is searched here stands in the address. People, by number or name, are searched
        by POST, in the box on top."""
        return [name for name in super().get_search_fields(request) if not self._is_masked(name.lstrip("^=@"))]

    def _is_masked(self, path: str) -> bool:
        return path.rpartition("__")[2] in MASKED or path in self.masked_fields

    def get_sortable_by(self, request: HttpRequest) -> list[Any]:
        return [name for name in super().get_sortable_by(request) if getattr(name, "__name__", name) not in MASKED]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, ValueError) as error:
            # A year that no calendar has, or has no next one.
            raise IncorrectLookupParameters from error

    # The list as a file: the same rows, filters and columns

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and access.may(request, *(self.export_duties or ()))

    def export_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_export_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(f"{back}?e=1")
        table = TableResource(self, changelist)
        return export_page.answer(request, table, back_url=f"{back}{changelist.get_query_string()}")

    # Money and identity as people read them

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {
            "title": self.opts.verbose_name_plural,
            "has_export_permission": self.has_export_permission(request),
            **(extra_context or {}),
        }
        return super().changelist_view(request, context)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        verb = "新增" if obj is None else "修改" if self.has_change_permission(request, obj) else "查看"
        context["title"] = f"{verb}{self.opts.verbose_name}"
        return super().render_change_form(request, context, *args, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Without the pencil, plus and eye beside every choice: areas and offices have their own tables."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return None if field is None else _bare(field)

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._shown(name) for name in super().get_list_display(request)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [self._shown(name) for name in super().get_readonly_fields(request, obj)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            shown = self._shown
        else:
            readonly = set(super().get_readonly_fields(request, obj))

            def shown(name: Any) -> Any:
                return self._shown(name) if name in readonly else name

        return [(title, {**options, "fields": _each(options["fields"], shown)}) for title, options in fieldsets]

    def _shown(self, name: Any) -> Any:
        return self._shown_as.get(name, name) if isinstance(name, str) else name

    def _display_of(self, column: Any) -> Callable[[Any], str] | None:
        if isinstance(column, MoneyField):
            return _display(column, _yuan)
        if isinstance(column, models.BooleanField):
            return _display(column, _yes_or_no)
        if isinstance(column, models.ForeignKey) and column.related_model._meta.app_label == "organization":
            # The stock link would lead most people to a closed door.
            return _display(column, str, of=column.name)
        mask = self.masked_fields.get(column.name)
        return None if mask is None else _display(column, mask)

    # What was done goes into the action log, and the history of a row is read from there

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """The row is another area's, or none: the answer is the same, and whoever tries many leaves lines."""
        security_events.refused(request, 404)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)  # type: ignore[misc]

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._record(request, obj, "added", "新增")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        self._record(request, obj, "changed", "修改")

    def _record(self, request: HttpRequest, obj: Any, verb: str, word: str) -> None:
        area = getattr(obj, "area_id", None) if self.area_path == "area" else None
        actions.record(
            action=f"{obj._meta.label_lower}.{verb}",
            subject_kind=obj._meta.label_lower,
            subject_key=str(obj.pk),
            summary=f"{word}{obj._meta.verbose_name}“{obj}”",
            by=access.staff(request),
            area_code=str(area or ""),
        )

    def history_key(self, obj: Any) -> str:
        """What services call the row in the action log, where that is not its primary key."""
        return ""

    def history_opened(self, request: HttpRequest, obj: Any) -> None:
        """For tables whose reading is written down."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        # Duties first: they bring the area along by which rows are narrowed.
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        self.history_opened(request, obj)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.opts.verbose_name}的经过",
            "opts": self.opts,
            "object": obj,
            "actions": history.of(obj, kinds=self.history_kinds, key=self.history_key(obj)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "portal/history.html", context)


class ServiceAdmin(PortalModelAdmin):
    """A table whose rows are written by services alone: `serve` calls one and returns the row.

    What a service refuses comes back as the form's own error, with everything that was typed.
    """

    def serve(self, request: HttpRequest, obj: Any, form: Any, *, is_new: bool) -> Any:
        """Call the service; `obj` carries what was typed and is not saved."""
        raise NotImplementedError

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except BusinessError as error:
            # The transaction is rolled back; the same form is shown again, refused.
            request._portal_refusal = error  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form = super().get_form(request, obj, change, **kwargs)
        refusal: BusinessError | None = getattr(request, "_portal_refusal", None)
        return form if refusal is None else _refused(form, refusal)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        obj.pk = self.serve(request, obj, form, is_new=not change).pk

    def save_related(self, *args: Any) -> None:
        """Nothing beside the row is saved."""

    def construct_change_message(self, *args: Any, **kwargs: Any) -> list[Any]:
        """The service has written down what changed."""
        return []

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:  # type: ignore[override]
        """The service has written it down."""

    log_change = log_addition


class ReadOnlyAdmin(PortalModelAdmin):
    """Money, logs, entries, published policy: to be read, never touched here."""

    actions = None

    def has_add_permission(self, request: HttpRequest, *_: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _refused(form: Any, refusal: BusinessError) -> Any:
    def clean(self: Any) -> None:
        raise ValidationError(refusal.message, code=refusal.code)

    return type(form.__name__, (form,), {"clean": clean})


def _bare(field: Any) -> Any:
    widget = field.widget
    if isinstance(widget, RelatedFieldWidgetWrapper):
        field.widget = widget.widget
    return field


def _yes_or_no(value: bool) -> str:  # noqa: FBT001
    return "是" if value else "否"


def _display(column: Any, show: Callable[[Any], str], *, of: str = "") -> Callable[[Any], str]:
    def display(row: Any) -> str:
        value = getattr(row, of or column.attname)
        return "—" if value in (None, "") else show(value)

    display.__name__ = column.name
    # Files take the amount, not its markup.
    display.fen_of = column.attname if show is _yuan else None  # type: ignore[attr-defined]
    ordering = None if column.name in MASKED else column.name
    return admin.display(description=column.verbose_name, ordering=ordering)(display)


def _target_of(model: type[Model], path: str) -> str:
    """The key that a filter along a foreign key compares with; empty for plain columns."""
    try:
        column = get_fields_from_path(model, path)[-1]
    except FieldDoesNotExist:
        return ""
    return str(column.target_field.name) if column.is_relation and hasattr(column, "target_field") else ""


def _yuan(fen: int) -> SafeString:
    return format_html('<span class="amount">{}</span>', format_yuan(fen, grouped=True))


def _each(fields: Any, shown: Callable[[Any], Any]) -> list[Any]:
    return [_each(name, shown) if isinstance(name, list | tuple) else shown(name) for name in fields]

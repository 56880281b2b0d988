"""Any table of the admin as an export: its own columns as they are shown, its rows as they are filtered and sorted."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from bureau.console.exports.resources import Listed, ListResource, Money, Text

if TYPE_CHECKING:
    from bureau.console.exports.cells import Cell


class _Shown(Text):
    """A column as the table shows it, without markup; days stay days."""

    def cell(self, value: Any) -> Cell:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, datetime):
            return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
        if isinstance(value, int | date):
            return value
        return html.unescape(strip_tags(value)) if isinstance(value, SafeString) else str(value)


class TableResource(ListResource):
    """What a table shows is what leaves: the masks of the table are those of the file."""

    def __init__(self, table: Any, changelist: Any) -> None:
        super().__init__()
        self.changelist = changelist
        self.title = str(table.opts.verbose_name_plural)
        shown = [name for name in changelist.list_display if name != "action_checkbox"]
        self.fields = {str(place): _column(name, table) for place, name in enumerate(shown)}

    def listed(self, request: HttpRequest) -> Listed:
        asked = [f"查询词：{self.changelist.query}"] if self.changelist.query else []
        chosen = [
            f"{spec.title}：{choice['display']}"
            for spec in self.changelist.filter_specs
            for choice in spec.choices(self.changelist)
            if choice["selected"] and set(spec.expected_parameters()) & set(request.GET)
        ]
        # What was asked by address and no filter of the page shows is told as it was asked.
        shown = {name for spec in self.changelist.filter_specs for name in spec.expected_parameters()}
        rest = [f"{name}={request.GET[name]}" for name in self.changelist.filter_params if name not in shown]
        return Listed(self.changelist.queryset, [*asked, *chosen, *rest])


def _column(name: Any, table: Any) -> Text:
    title = str(label_for_field(name, table.model, table))
    # Money is shown grouped and in markup; it leaves as a number.
    fen = getattr(name, "fen_of", None)
    return Money(title, fen) if fen else _Shown(title, _value_of(name, table))


def _value_of(name: Any, table: Any) -> Callable[[Any], Any]:
    def value_of(row: Any) -> Any:
        try:
            column, _, value = lookup_field(name, row, table)
        except ObjectDoesNotExist:
            return None
        if column is None or not column.choices:
            return value
        return getattr(row, f"get_{column.name}_display")()

    return value_of

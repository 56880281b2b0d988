"""The judged rows of a roster as they may leave: masked, as the desk shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from bureau.console import access
from bureau.console.exports.resources import Count, Listed, ListResource, Text, register
from bureau.kernel.errors import BusinessError
from relief.documents.judged_rows import category_label, shown_id
from relief.selectors import rosters
from relief.terms import RosterIssue, Verdict
from relief.views import batch_page
from relief.views.roster_desk import READERS

if TYPE_CHECKING:
    from django.http import HttpRequest

    from bureau.trail.models import ImportBatch


@register
class RosterRowResource(ListResource):
    """名单行：`?batch=批次&verdict=…`，与名单核对页的一栏相同。"""

    name = "roster-rows"
    title = "名单行"
    duties = READERS
    list_url = "relief:roster"

    line = Count("行号", "line")
    person = Text("姓名", lambda entry: entry.name or (entry.person.name if entry.person else ""))
    id_number = Text("证件号", shown_id)
    category = Text("救助类别", lambda entry: category_label(entry.category))
    previous = Text("原类别", lambda entry: category_label(entry.previous_category))
    town = Text("乡镇（街道）", "town")
    village = Text("村（社区）", "village")
    verdict = Text("判断", lambda entry: Verdict.label_of(entry.verdict))
    issue = Text("问题", lambda entry: RosterIssue.label_of(entry.code) if entry.code else "")
    message = Text("说明", "message")

    def listed(self, request: HttpRequest) -> Listed:
        batch, tile = _batch(request), request.GET.get("verdict", "")
        shown = [found["label"] for found in batch_page.tiles(batch, tile) if found["is_shown"]]
        return Listed(batch_page.rows_shown(batch, tile), [f"批次：{batch.pk}", *shown])

    def back_url(self, request: HttpRequest) -> str:
        rest = request.GET.copy()
        rest.pop("batch", None)
        return f"{reverse(self.list_url, args=[_batch(request).pk])}?{rest.urlencode()}"


def _batch(request: HttpRequest) -> ImportBatch:
    text = request.GET.get("batch", "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Http404("没有这个名单批次。")
    try:
        return rosters.batch_for(int(text), by=access.staff(request))
    except BusinessError as error:
        raise Http404(error.message) from error

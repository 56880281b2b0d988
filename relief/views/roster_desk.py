"""The roster desk: upload, see the differences, settle what is wrong, let a second person apply it, take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from bureau.console import access, history, lists
from bureau.console.attachments import XLSX, attachment
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import ReliefCategory
from bureau.organization.selectors.areas import counties_of
from bureau.organization.terms import Duty
from bureau.trail.terms import BatchStage
from relief.documents import judged_rows
from relief.forms import ListFilter, ReasonForm, UploadForm
from relief.selectors import rosters as roster_selectors
from relief.services import arrivals, confirmation, rosters
from relief.terms import RosterSource, Verdict
from relief.views import batch_page

if TYPE_CHECKING:
    from bureau.trail.models import ImportBatch

READERS = (Duty.RELIEF, Duty.RELIEF_CHECK, Duty.LEADER_COUNTY, Duty.LEADER_CITY, Duty.AUDIT)


@access.desk(*READERS)
def rosters_list(request: HttpRequest) -> HttpResponse:
    """All batches of the area, newest first."""
    form = ListFilter(request.GET)
    batches = roster_selectors.visible_to(access.staff(request))
    if form.is_valid():
        for column in ("source", "stage", "month"):
            if form.cleaned_data[column]:
                batches = batches.filter(**{column: form.cleaned_data[column]})
    context = {
        "title": "名单导入",
        "filter_form": form,
        "chips": lists.chips_of(request, form),
        "page": batch_page.with_sources(lists.page_of(request, batches)),
        "may_upload": access.may(request, Duty.RELIEF),
    }
    return render(request, "relief/rosters.html", context)


@access.desk(Duty.RELIEF)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a file in; a file that is no roster comes back with its reason."""
    by = access.staff(request)
    form = UploadForm(request.POST or None, request.FILES or None, areas=counties_of(by))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            staged = arrivals.receive(
                content=file.read(),
                file_name=file.name,
                source=form.cleaned_data["source"],
                month=form.cleaned_data["month"],
                area_code=form.cleaned_data["area"],
                by=by,
            )
        except BusinessError as error:
            form.add_error(None, error.message)
        else:
            if staged.is_recognized:
                messages.info(request, "同一文件此前已经导入，没有重复处理，以下是原批次。")
            return redirect("relief:roster", staged.batch.pk)
    status = 422 if form.errors else 200
    return render(request, "relief/upload.html", {"title": "导入名单", "form": form}, status=status)


@access.desk(*READERS)
def roster(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: what it would do, row by row; before that, that its file is being read."""
    batch = roster_selectors.batch_for(batch_id, by=access.staff(request))
    if "reading" in request.GET:
        return render(request, "relief/parts/reading.html", batch_page.reading(batch))
    if batch.stage == BatchStage.CHECKING:
        context = {
            "title": f"{batch.month} 名单",
            "source_label": RosterSource.label_of(batch.source),
            "facts": batch_page.file_facts(batch),
            "history_url": reverse("relief:roster_history", args=[batch.pk]),
            **batch_page.reading(batch),
        }
        return render(request, "relief/reading.html", context)
    return _batch_page(request, batch)


@access.desk(*READERS)
def roster_history(request: HttpRequest, batch_id: int) -> HttpResponse:
    """What happened to the batch; its own page fetches it once it stands."""
    batch = roster_selectors.batch_for(batch_id, by=access.staff(request))
    context = {"title": "名单批次的经过", "batch": batch, "actions": history.of(batch, kinds=("roster",))}
    return render(request, "relief/history.html", context)


@require_POST
@access.desk(Duty.RELIEF)
def settle_row(request: HttpRequest, batch_id: int, line: int) -> HttpResponse:
    """Correct a row in error or set it aside, then come back to the row after it."""
    by = access.staff(request)
    batch = roster_selectors.batch_for(batch_id, by=by)
    try:
        if "reason" in request.POST:
            rosters.set_aside_row(batch_id=batch_id, line=line, reason=request.POST["reason"], by=by)
            messages.success(request, f"第 {line} 行已移出本批，该行所指的人保持原有身份。")
        else:
            entry = rosters.fix_row(batch_id=batch_id, line=line, by=by, **_corrections(request))
            messages.success(request, f"第 {line} 行已改正，比对结果：{Verdict.label_of(entry.verdict)}。")
    except BusinessError as error:
        refusal = batch_page.RowRefusal(line=line, message=error.message, values=request.POST.dict())
        return _batch_page(request, batch, refusal=refusal, status=422)
    return redirect(f"{reverse('relief:roster', args=[batch_id])}?{request.GET.urlencode() or 'verdict=error'}#rows")


@require_POST
@access.desk(Duty.RELIEF, Duty.RELIEF_CHECK)
def compare_again(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Hold the batch against the list as it stands now."""
    by = access.staff(request)
    roster_selectors.batch_for(batch_id, by=by)
    rosters.compare_again(batch_id=batch_id, by=by)
    messages.success(request, "已按最新在册名单重新比对，请核对差异。")
    return redirect("relief:roster", batch_id)


@access.desk(Duty.RELIEF_CHECK)
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The page that repeats what and how many; before it, where very many would exit, the page that stops."""
    by = access.staff(request)
    batch = roster_selectors.batch_for(batch_id, by=by)
    # What is sent counts, never the address that it is sent to.
    said = request.POST if request.method == "POST" else request.GET
    accepted = said.get("accept_shrink") == "yes"
    if request.method == "POST":
        confirmation.confirm(batch_id=batch_id, accept_shrink=accepted, by=by)
        messages.success(request, f"{batch_page.counts_sentence(batch)}已生效。")
        return redirect("relief:roster", batch_id)
    sentence = batch_page.checker_sentence(batch, by, may_check=True)
    if sentence:
        raise BusinessError("relief.not_to_be_confirmed", sentence)
    if batch.counts["shrinks"] and not accepted:
        return render(request, "relief/shrink.html", {"title": "退出人数超过提醒线", **batch_page.shrink(batch)})
    context = {
        "title": "批准并执行",
        "batch": batch,
        "what": f"批准并执行：{batch_page.counts_sentence(batch)}。退出人员当年参保继续有效，次年不再资助参保。",
        "facts": batch_page.confirm_facts(batch),
        "warning": batch_page.remaining_sentence(batch),
        "button": "批准并执行",
        "back_url": reverse("relief:roster", args=[batch_id]),
        "accepted": accepted,
    }
    return render(request, "relief/confirm.html", context)


@access.desk(Duty.RELIEF, Duty.RELIEF_CHECK)
def revoke(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take a batch back, with a reason; who has settlements stays and is listed on the batch."""
    by = access.staff(request)
    batch = roster_selectors.batch_for(batch_id, by=by)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken_back = confirmation.revoke(batch_id=batch_id, reason=form.cleaned_data["reason"], by=by)
        messages.success(
            request,
            f"已回退：撤销 {taken_back.removed} 项身份，恢复 {taken_back.reopened} 项，"
            f"{len(taken_back.kept)} 项已发生结算，未回退。",
        )
        return redirect("relief:roster", batch_id)
    context = {
        "title": "回退本批",
        "batch": batch,
        "what": f"回退 {batch.month} 名单（批次 {batch.pk}）：撤销 {batch.counts.get('begun', 0)} 项新开始的身份，"
        f"恢复 {batch.counts.get('ended', 0)} 项被终止的身份。",
        "warning": "已发生结算的人员不会回退，将逐一列出，转个案处理。",
        "form": form,
        "button": "回退本批",
        "danger": True,
        "back_url": reverse("relief:roster", args=[batch_id]),
    }
    return render(request, "relief/confirm.html", context, status=422 if form.errors else 200)


@require_POST
@access.desk(Duty.RELIEF, Duty.RELIEF_CHECK)
def download_errors(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The rows in error as they came, for the office that sent them; whole ID numbers leave here, so it is logged."""
    by = access.staff(request)
    batch = roster_selectors.batch_for(batch_id, by=by)
    wrong = list(roster_selectors.wrong_rows(batch_id))
    rosters.record(
        batch, "relief.roster.errors_downloaded", f"下载异常表 {len(wrong)} 行（含完整证件号）", by, rows=len(wrong)
    )
    return attachment(judged_rows.errors_workbook(wrong), name=f"roster-{batch.pk}-errors.xlsx", kind=XLSX)


def _batch_page(
    request: HttpRequest, batch: ImportBatch, *, refusal: batch_page.RowRefusal | None = None, status: int = 200
) -> HttpResponse:
    by = access.staff(request)
    shown = request.GET.get("verdict") or ("error" if refusal else batch_page.first_tile(batch))
    rows = batch_page.rows_shown(batch, shown)
    may_check = access.may(request, Duty.RELIEF_CHECK)
    is_open = batch.stage in rosters.OPEN_STAGES
    sentence = batch_page.checker_sentence(batch, by, may_check=may_check)
    context = {
        "title": f"{batch.month} 名单",
        "batch": batch,
        "source_label": RosterSource.label_of(batch.source),
        "category_words": [category.label for category in ReliefCategory if category is not ReliefCategory.NONE],
        "steps": batch_page.steps(batch),
        "tiles": batch_page.tiles(batch, shown),
        "shown": shown,
        "page": batch_page.described(lists.page_of(request, rows), refusal),
        "effect": batch_page.effect_sentence(batch),
        "facts": batch_page.file_facts(batch),
        "history_url": reverse("relief:roster_history", args=[batch.pk]),
        "kept": roster_selectors.kept_statuses(batch) if batch.stage == BatchStage.PARTLY_REVOKED else (),
        "checker_sentence": sentence,
        "checker_url": "" if sentence else reverse("relief:roster_confirm", args=[batch.pk]),
        "may_settle": is_open and access.may(request, Duty.RELIEF),
        "may_compare": is_open and access.may(request, Duty.RELIEF, Duty.RELIEF_CHECK),
        "may_revoke": batch.stage == BatchStage.APPLIED and access.may(request, Duty.RELIEF, Duty.RELIEF_CHECK),
        "may_download": access.may(request, Duty.RELIEF, Duty.RELIEF_CHECK) and batch_page.has_wrong_rows(batch),
        "refusal": refusal,
    }
    return render(request, "relief/roster.html", context, status=status)


def _corrections(request: HttpRequest) -> dict[str, Any]:
    return {
        field: request.POST[field].strip()
        for field in ("id_number", "name", "category")
        if request.POST.get(field, "").strip()
    }

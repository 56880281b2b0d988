"""Claim files: the list, handing one in, and what became of its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from bureau.console import access
from bureau.console.lists import chips_of, page_of
from bureau.kernel.errors import BusinessError
from claims.documents import refused_rows as documents
from claims.forms import ClaimFileForm, FileFilter, LeavingForm
from claims.selectors import files as selectors
from claims.selectors import listing
from claims.services import intake
from claims.views import CLAIM_TAKERS, FILE_READERS
from claims.views.downloads import csv_response, downloaded

if TYPE_CHECKING:
    from bureau.trail.models import ImportBatch


@access.desk(*FILE_READERS)
def index(request: HttpRequest) -> HttpResponse:
    """The files of the institutions one may see."""
    form = FileFilter(request.GET or None, months=listing.months())
    by = access.staff(request)
    page = page_of(request, selectors.files(by, **(form.values() if form.is_bound else {})))
    names = selectors.names(page.object_list)
    context = {
        "title": "申报文件",
        "filter_form": form,
        "chips": chips_of(request, form),
        "page": page,
        "rows": [(batch, names.get(batch.source, "")) for batch in page.object_list],
        "may_hand_in": access.may(request, *CLAIM_TAKERS),
    }
    return render(request, "claims/files.html", context)


@access.desk(*CLAIM_TAKERS)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Take a claim file in; its good rows become claims at once, the bad ones stay with their reason."""
    initial = {"institution": request.GET.get("institution", ""), "month": request.GET.get("month", "")}
    form = ClaimFileForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            receipt = intake.receive(
                content=file.read(),
                file_name=file.name,
                institution_code=form.cleaned_data["institution"],
                month=form.cleaned_data["month"],
                by=access.staff(request),
            )
        except BusinessError as error:
            form.add_error(None, f"{error.message}（{error.code}）")
        else:
            messages.info(request, _said(receipt))
            return redirect("claims:batch", batch_id=receipt.batch)
    return render(request, "claims/file_form.html", {"title": "受理申报文件", "form": form})


def _said(receipt: intake.Receipt) -> str:
    if receipt.recognized:
        return "这份文件先前已经受理过，本次没有重复受理。"
    return f"已受理 {receipt.accepted} 张单据，退回 {receipt.refused} 行。"


@access.desk(*FILE_READERS)
def show(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: how many rows were accepted, and each refused row with its reason."""
    batch = _batch(request, batch_id)
    rows = selectors.refused_of(batch)
    context = {
        "title": f"申报文件 {batch.month} {batch.source}",
        "batch": batch,
        "institution": selectors.names([batch]).get(batch.source, ""),
        "page": page_of(request, rows),
        "may_hand_in": access.may(request, *CLAIM_TAKERS),
    }
    return render(request, "claims/file.html", context)


@access.desk(*FILE_READERS)
def refused_rows(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The refused rows as csv, for the institution to correct; they leave for a reason."""
    batch = _batch(request, batch_id)
    rows = list(selectors.refused_of(batch))
    form = LeavingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        what, reason = f"申报文件 {batch.pk} 的退回行", form.cleaned_data["reason"]
        downloaded(len(rows), what=what, reason=reason, key=str(batch.pk), by=access.staff(request))
        return csv_response(documents.render(rows), f"{batch.month}-{batch.source}-refused.csv")
    context = {
        "title": "下载异常表",
        "batch": batch,
        "what": f"下载第 {batch.pk} 批申报文件退回的 {len(rows):,} 行，交机构更正后重新申报。",
        "facts": [("机构编码", batch.source), ("申报月份", batch.month), ("证件号", "只含部分")],
        "form": form,
        "button": "下载异常表",
        "back_url": reverse("claims:batch", args=[batch.pk]),
    }
    return render(request, "claims/leaving.html", context, status=422 if form.errors else 200)


def _batch(request: HttpRequest, batch_id: int) -> ImportBatch:
    batch = selectors.file(batch_id, by=access.staff(request))
    if batch is None:
        raise Http404("没有这份申报文件，或它不在您的办理范围内。")
    return batch

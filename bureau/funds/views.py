"""The books as their readers see them: balances, trial balance, entries, payment orders. Nothing is written here."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from bureau.console import access, lists
from bureau.funds.forms import EntryFilter, MonthForm, PaymentFilter
from bureau.funds.selectors import balances, books
from bureau.funds.terms import AccountKind, Direction
from bureau.kernel.terms import Fund
from bureau.organization.terms import Duty

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from bureau.funds.models import Entry, PaymentOrder

READERS = (Duty.FINANCE, Duty.FINANCE_APPROVAL, Duty.AUDIT, Duty.LEADER_COUNTY, Duty.LEADER_CITY)
FAULTS = {
    "entries_balance": "每张凭证借贷相等、分录齐全",
    "debit_equals_credit_per_fund": "每个基金借贷合计相等",
    "postings_stay_in_their_fund": "分录不跨基金",
    "voucher_numbers_gapless": "凭证号连续不断号",
    "voucher_counters_true": "凭证号计数等于凭证张数",
    "confirmed_payments_are_booked": "已到账的付款单均已记账",
}


@access.desk(*READERS)
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account with its turnover and balance, fund by fund."""
    lines = balances.trial_balance(by=access.staff(request))
    funds = [
        {"fund": Fund.label_of(code), "code": code, "lines": [_shown(line) for line in group]}
        for code, group in groupby(sorted(lines, key=_by_fund), key=lambda line: line.fund)
    ]
    return render(request, "funds/accounts.html", {"title": "科目余额", "funds": funds})


@access.desk(*READERS)
def trial_balance(request: HttpRequest) -> HttpResponse:
    """A month's turnover beside the turnover since the books began; both columns must be equal."""
    by = access.staff(request)
    months = books.months(by=by)
    form = MonthForm(request.GET, months=months)
    month = (form.cleaned_data["month"] if form.is_valid() else "") or next(iter(months), "")
    in_month = balances.trial_balance(month=month, by=by)
    until = {line.code: line for line in balances.trial_balance(until_month=month, by=by)}
    rows = [{**_shown(until[line.code]), "month": line} for line in sorted(in_month, key=_by_fund)]
    sums = {
        "month_debit": sum(line.debit for line in in_month),
        "month_credit": sum(line.credit for line in in_month),
        "debit": sum(line.debit for line in until.values()),
        "credit": sum(line.credit for line in until.values()),
    }
    context = {
        "title": "试算平衡",
        "month": month,
        "filter_form": MonthForm(initial={"month": month}, months=months),
        "rows": rows,
        "sums": sums,
        "is_balanced": sums["month_debit"] == sums["month_credit"] and sums["debit"] == sums["credit"],
        "checks": _checks() if request.GET.get("check") else None,
    }
    return render(request, "funds/trial_balance.html", context)


def listed_entries(request: HttpRequest) -> tuple[EntryFilter, QuerySet[Entry]]:
    """The filter as it is asked for, and what it leaves."""
    by = access.staff(request)
    form = EntryFilter(request.GET, months=books.months(by=by))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = books.entries(by=by).filter(**{name: wanted[name] for name in ("month", "fund", "kind") if wanted.get(name)})
    if wanted.get("account"):
        rows = rows.filter(postings__account=wanted["account"])
    return form, rows


@access.desk(*READERS)
def entries(request: HttpRequest) -> HttpResponse:
    """The entries of a month, a fund, a kind, an account, with their sum."""
    form, rows = listed_entries(request)
    context = {
        "title": "凭证",
        "page": lists.page_of(request, rows),
        "total": rows.aggregate(total=Sum("total"))["total"] or 0,
        "filter_form": form,
        "chips": lists.chips_of(request, form),
    }
    return render(request, "funds/entries.html", context)


@access.desk(*READERS)
def entry(request: HttpRequest, reference: str) -> HttpResponse:
    """One entry with its postings; higher apps show here where it comes from."""
    found = books.entries(by=access.staff(request)).filter(reference=reference).select_related("reverses").first()
    if found is None:
        raise Http404
    mirror = books.reversal_of(found)
    postings = list(books.postings_of(found))
    context = {
        "title": f"凭证 {found}",
        "entry": found,
        "postings": postings,
        "debit": sum(posting.amount for posting in postings if posting.direction == Direction.DEBIT),
        "credit": sum(posting.amount for posting in postings if posting.direction == Direction.CREDIT),
        "mirror": mirror,
        "facts": [
            ("业务编号", found.reference),
            ("基金", found.get_fund_display()),
            ("会计月份", found.month),
            ("类别", found.get_kind_display()),
            ("区划", found.area.name),
            ("记账人", found.posted_by),
            ("记账时间", f"{localtime(found.posted_at):%Y-%m-%d %H:%M}"),
            ("摘要", found.summary),
        ],
    }
    return render(request, "funds/entry.html", context)


def listed_payments(request: HttpRequest) -> tuple[PaymentFilter, QuerySet[PaymentOrder]]:
    """The filter as it is asked for, and what it leaves."""
    by = access.staff(request)
    form = PaymentFilter(request.GET, months=books.payment_months(by=by))
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = books.payment_orders(by=by).select_related("area", "made_by", "approved_by")
    return form, rows.filter(**{name: wanted[name] for name in ("month", "fund", "stage") if wanted.get(name)})


@access.desk(*READERS)
def payments(request: HttpRequest) -> HttpResponse:
    """Payment orders with their sums; made, approved and exported at the settlement's desk."""
    form, rows = listed_payments(request)
    context = {
        "title": "付款单",
        "page": lists.page_of(request, rows),
        "total": rows.aggregate(total=Sum("amount"))["total"] or 0,
        "filter_form": form,
        "chips": lists.chips_of(request, form),
    }
    return render(request, "funds/payments.html", context)


def _by_fund(line: balances.Balance) -> tuple[int, int]:
    return list(Fund).index(Fund(line.fund)), list(AccountKind).index(AccountKind(line.kind))


def _shown(line: balances.Balance) -> dict[str, Any]:
    side = "平" if line.net == 0 else "借" if line.net > 0 else "贷"
    return {
        "code": line.code,
        "name": line.name,
        "fund": Fund.label_of(line.fund),
        "kind": AccountKind.label_of(line.kind),
        "debit": line.debit,
        "credit": line.credit,
        "side": side,
        "balance": abs(line.net),
    }


def _checks() -> list[dict[str, Any]]:
    return [{"what": FAULTS.get(name, name), "count": count} for name, count in books.faults().items()]

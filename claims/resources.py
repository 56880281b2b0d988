"""Which lists of claims and settlement may leave, with the columns that the desks show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bureau.console.exports.resources import Count, Day, Listed, ListResource, Moment, Money, Text, register
from bureau.console.lists import chips_of
from bureau.kernel.identity import mask_id
from claims.rules import wording
from claims.views import (
    CLAIM_READERS,
    FILE_READERS,
    SETTLEMENT_READERS,
    claims,
    differences,
    problems,
    refused,
    statements,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpRequest

    from claims.models import Claim


def _words(request: HttpRequest, form: forms.Form) -> list[str]:
    return [chip["label"] for chip in chips_of(request, form)]


def _held(name: str) -> Callable[[Claim], int | None]:
    """An amount of the version that holds; none where the claim is not adjudicated."""

    def amount(claim: Any) -> int | None:
        held = claim.current_adjudications
        return getattr(held[0], name) if held else None

    return amount


@register
class ClaimResource(ListResource):
    """费用单据."""

    name = "claims"
    title = "费用单据"
    duties = CLAIM_READERS
    list_url = "claims:claims"

    number = Text("单据号", "number")
    person = Text("姓名", "person__name")
    code = Text("机构编码", "institution__code")
    institution = Text("机构", "institution__name")
    care = Text("医疗类别", "get_care_display")
    day = Day("就医日期", "service_date")
    month = Text("申报月份", "received_month")
    total = Money("医疗费总额", "total")
    pooled = Money("统筹基金支付", _held("pooled"))
    major_illness = Money("大病保险支付", _held("major_illness"))
    assistance = Money("医疗救助支付", _held("assistance"))
    personal_burden = Money("个人负担", _held("personal_burden"))
    stage = Text("状态", "get_stage_display")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = claims.listed(request)
        return Listed(rows, _words(request, form))


@register
class RefusedRowResource(ListResource):
    """退回的行；原文含证件号，不在此导出。"""

    name = "refused-rows"
    title = "退回的行"
    duties = FILE_READERS
    list_url = "claims:refused"

    month = Text("申报月份", "batch__month")
    institution = Text("机构编码", "batch__source")
    batch = Count("批次", "batch_id")
    line = Count("行号", "line")
    number = Text("单据号", "number")
    column = Text("列", "column")
    cause = Text("问题", lambda row: wording.refusal(row.code))
    message = Text("说明", "message")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = refused.listed(request)
        return Listed(rows, _words(request, form))


@register
class StatementResource(ListResource):
    """结算单."""

    name = "statements"
    title = "结算单"
    duties = SETTLEMENT_READERS
    list_url = "claims:statements"

    number = Text("结算单号", "number")
    month = Text("结算月份", "run__month")
    code = Text("机构编码", "institution__code")
    institution = Text("机构", "institution__name")
    area = Text("区划", "area__name")
    claims = Count("单据数", "claim_count")
    total = Money("医疗费总额", "total")
    due = Money("应付", "due")
    deducted = Money("扣款", "deducted")
    withheld = Money("预留保证金", "withheld")
    payable = Money("实付", "payable")
    stage = Text("状态", "run__get_stage_display")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = statements.listed(request)
        return Listed(rows, _words(request, form))


@register
class DifferenceResource(ListResource):
    """差额."""

    name = "differences"
    title = "差额"
    duties = CLAIM_READERS
    list_url = "claims:adjustments"

    number = Text("单据号", "claim__number")
    institution = Text("机构", "institution__name")
    fund = Text("基金", "get_fund_display")
    scheme = Text("险种", "get_scheme_display")
    amount = Money("差额", "amount")
    used = Money("已结算", lambda difference: difference.used or 0)
    reason = Text("原因", "reason")
    created_at = Moment("产生时间", "created_at")
    stage = Text("状态", "get_stage_display")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = differences.listed(request)
        return Listed(rows, _words(request, form))


@register
class ProblemResource(ListResource):
    """不能核算的人年."""

    name = "problems"
    title = "不能核算的人年"
    duties = CLAIM_READERS
    list_url = "claims:problems"

    person = Text("姓名", "person__name")
    id_number = Text("证件号", lambda year: mask_id(year.person.id_number))
    year = Count("年度", "year")
    problem = Text("原因", "problem")
    code = Text("代码", "problem_code")

    def listed(self, request: HttpRequest) -> Listed:
        return Listed(problems.listed(request))

"""Which lists of the books may leave, with the columns that the desks show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bureau.console.exports.resources import Count, Listed, ListResource, Money, Text, register
from bureau.console.lists import chips_of
from bureau.funds import views
from bureau.kernel.identity import mask_account

if TYPE_CHECKING:
    from django.http import HttpRequest


@register
class EntryResource(ListResource):
    """凭证."""

    name = "entries"
    title = "凭证"
    duties = views.READERS
    list_url = "funds:entries"

    month = Text("会计月份", "month")
    voucher = Count("凭证号", "voucher_number")
    summary = Text("摘要", "summary")
    fund = Text("基金", "get_fund_display")
    kind = Text("类别", "get_kind_display")
    area = Text("区划", "area__name")
    posted_by = Text("记账人", "posted_by")
    total = Money("金额", "total")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = views.listed_entries(request)
        return Listed(rows, [chip["label"] for chip in chips_of(request, form)])


@register
class PaymentOrderResource(ListResource):
    """付款单；账号只显示后几位，整份付款文件在结算批次导出。"""

    name = "payment-orders"
    title = "付款单"
    duties = views.READERS
    list_url = "funds:payments"

    reference = Text("付款单号", "reference")
    month = Text("结算月份", "month")
    payee = Text("收款机构", "payee_name")
    fund = Text("基金", "get_fund_display")
    bank = Text("开户行", "bank_name")
    account = Text("收款账号", lambda order: mask_account(order.bank_account))
    stage = Text("状态", "get_stage_display")
    made_by = Text("经办人", "made_by")
    approved_by = Text("审批人", "approved_by")
    amount = Money("金额", "amount")

    def listed(self, request: HttpRequest) -> Listed:
        form, rows = views.listed_payments(request)
        return Listed(rows, [chip["label"] for chip in chips_of(request, form)])

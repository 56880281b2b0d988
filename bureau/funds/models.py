"""The books: accounts, entries with their postings, payment orders. Entries and postings are only ever added.

What the tables themselves refuse stands in `migrations/0003_append_only_books.sql`: unbalanced entries, late postings,
update, delete and truncate.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedTextField
from bureau.fields.history import tracked
from bureau.funds.terms import AccountKind, Direction, EntryKind, PaymentStage
from bureau.kernel.terms import Fund


class Account(models.Model):
    """会计科目：每个基金一套。"""

    code = models.CharField("科目编码", max_length=40, primary_key=True)
    name = models.CharField("科目名称", max_length=60)
    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    kind = models.CharField("类别", max_length=20, choices=AccountKind.choices())

    class Meta:
        verbose_name = "会计科目"
        verbose_name_plural = "会计科目"
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["fund", "kind"], name="account_once_per_fund")]

    def __str__(self) -> str:
        return self.name


class VoucherCounter(models.Model):
    """凭证号计数：同一基金同一月份连续不断号，故用行锁而不用序列。"""

    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    month = models.CharField("月份", max_length=7)
    last = models.PositiveIntegerField("末号", default=0)

    class Meta:
        verbose_name = "凭证号计数"
        verbose_name_plural = "凭证号计数"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "month"], name="one_counter_per_fund_and_month")
        ]

    def __str__(self) -> str:
        return f"{self.fund} {self.month} {self.last}"


class Entry(models.Model):
    """一张凭证；`reference` 取自业务键，同一业务只能记一次。"""

    reference = models.CharField("业务编号", max_length=100, unique=True)
    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    month = models.CharField("会计月份", max_length=7)
    voucher_number = models.PositiveIntegerField("凭证号")
    kind = models.CharField("类别", max_length=20, choices=EntryKind.choices())
    summary = models.CharField("摘要", max_length=200)
    total = MoneyField("合计（分）")
    posting_count = models.PositiveSmallIntegerField("分录数")
    posted_at = models.DateTimeField("记账时间", auto_now_add=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="记账人", on_delete=models.PROTECT, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", verbose_name="冲销", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )
    # pg_current_xact_id() of the transaction that wrote the entry; its postings must come from the same one.
    transaction_id = models.BigIntegerField("事务号", default=0, editable=False)

    class Meta:
        verbose_name = "凭证"
        verbose_name_plural = "凭证"
        ordering: ClassVar = ["month", "fund", "voucher_number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["fund", "month", "voucher_number"], name="voucher_number_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="entry_total_positive"),
            models.CheckConstraint(condition=Q(posting_count__gte=2), name="entry_has_two_postings"),
        ]

    def __str__(self) -> str:
        return f"{self.month}-{Fund.label_of(self.fund)}-{self.voucher_number:04d}"


class Posting(models.Model):
    """凭证的一条分录，非借即贷，金额为正。"""

    entry = models.ForeignKey(Entry, verbose_name="凭证", on_delete=models.PROTECT, related_name="postings")
    account = models.ForeignKey(Account, verbose_name="科目", on_delete=models.PROTECT, related_name="postings")
    direction = models.CharField("方向", max_length=6, choices=Direction.choices())
    amount = MoneyField("金额（分）")

    class Meta:
        verbose_name = "分录"
        verbose_name_plural = "分录"
        ordering: ClassVar = ["entry", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="posting_amount_positive"),
            models.CheckConstraint(condition=Q(direction__in=["debit", "credit"]), name="posting_has_a_direction"),
        ]

    def __str__(self) -> str:
        return f"{Direction.label_of(self.direction)} {self.account}"


@tracked()
class PaymentOrder(models.Model):
    """付款单：按结算单和基金各一张，绑定封存的结算指纹；经办、审批、出纳是三个人。"""

    reference = models.CharField("付款单号", max_length=100, unique=True)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    month = models.CharField("结算月份", max_length=7)
    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    payee_code = models.CharField("收款机构编码", max_length=12)
    payee_name = models.CharField("收款机构", max_length=80)
    bank_name = models.CharField("开户行", max_length=80)
    bank_account = EncryptedTextField("收款账号", context="payment_order.bank_account", is_kept=True)
    amount = MoneyField("金额（分）")
    seal_sha256 = models.CharField("封存指纹", max_length=64)
    stage = models.CharField("状态", max_length=10, choices=PaymentStage.choices(), default=PaymentStage.ORDERED.value)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", on_delete=models.PROTECT, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="审批人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    paid_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="出纳", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    booked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="回单登记人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "付款单"
        verbose_name_plural = "付款单"
        ordering: ClassVar = ["reference"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=~Q(made_by=F("approved_by")), name="payment_approver_is_not_maker"),
            models.CheckConstraint(
                condition=Q(paid_by__isnull=True) | (~Q(paid_by=F("made_by")) & ~Q(paid_by=F("approved_by"))),
                name="payer_is_neither_maker_nor_approver",
            ),
            models.CheckConstraint(
                condition=Q(booked_by__isnull=True) | (~Q(booked_by=F("paid_by")) & ~Q(booked_by=F("approved_by"))),
                name="who_books_a_payment_did_not_pay_it",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

"""A month's settlement: the run with who approved it, and each institution's statement."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedTextField
from bureau.fields.history import tracked
from bureau.kernel.terms import Fund, Scheme
from claims.terms import SettlementStage


@tracked(exclude=("payment_list",))
class SettlementRun(models.Model):
    """某月的结算：冻结、计算、封存、审批；一月一次，经办与审批不得为同一人。"""

    month = models.CharField("结算月份", max_length=7, unique=True)
    run = models.OneToOneField("trail.Run", verbose_name="作业", on_delete=models.PROTECT, related_name="+")
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    stage = models.CharField(
        "状态", max_length=12, choices=SettlementStage.choices(), default=SettlementStage.COMPUTING.value
    )
    deposit_rate = models.PositiveIntegerField("质量保证金比例（基点）")
    second_approval_from = MoneyField("须第二人审批的实付额（含）")
    policy_sha256 = models.CharField("政策指纹", max_length=64)
    seal_sha256 = models.CharField("封存指纹", max_length=64, blank=True)
    payment_list = EncryptedTextField("封存的付款清单", context="settlement_run.payment_list", is_kept=True, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="经办人", on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField("开始时间", auto_now_add=True)
    sealed_at = models.DateTimeField("封存时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="审批人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField("审批时间", null=True, blank=True)
    approved_sha256 = models.CharField("审批所依指纹", max_length=64, blank=True)

    class Meta:
        verbose_name = "结算批次"
        verbose_name_plural = "结算批次"
        ordering: ClassVar = ["-month"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("opened_by")),
                name="settlement_approver_is_not_maker",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(approved_sha256=F("seal_sha256")),
                name="approval_is_bound_to_the_seal",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, stage__in=["computing", "sealed"])
                | Q(approved_by__isnull=False, stage__in=["approved", "paying"]),
                name="approved_stage_has_an_approver",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} 月结算"


class Approval(models.Model):
    """对一次封存的一个审批签字：第几人、是谁、依据哪个指纹；只增不改，够数才生效。"""

    run = models.ForeignKey(SettlementRun, verbose_name="结算批次", on_delete=models.PROTECT, related_name="approvals")
    seat = models.PositiveSmallIntegerField("第几人")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="审批人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("审批时间", auto_now_add=True)
    sha256 = models.CharField("审批所依指纹", max_length=64)

    class Meta:
        verbose_name = "审批"
        verbose_name_plural = "审批"
        ordering: ClassVar = ["run", "seat"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "seat"], name="one_approval_per_seat"),
            models.UniqueConstraint(fields=["run", "by"], name="one_seat_per_approver"),
            models.CheckConstraint(condition=Q(seat__in=[1, 2]), name="approval_has_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.run} 第 {self.seat} 人"


@tracked()
class Settlement(models.Model):
    """一家机构一个月的结算单；编号取自月份与机构编码。"""

    run = models.ForeignKey(
        SettlementRun, verbose_name="结算批次", on_delete=models.PROTECT, related_name="settlements"
    )
    number = models.CharField("结算单号", max_length=40, unique=True)
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name="机构", on_delete=models.PROTECT, related_name="settlements"
    )
    area = models.ForeignKey("organization.Area", verbose_name="机构区划", on_delete=models.PROTECT)
    claim_count = models.PositiveIntegerField("单据数")
    total = MoneyField("医疗费总额")
    due = MoneyField("应付")
    deducted = MoneyField("扣款")
    withheld = MoneyField("预留保证金")
    payable = MoneyField("实付")
    sha256 = models.CharField("内容指纹", max_length=64)

    class Meta:
        verbose_name = "结算单"
        verbose_name_plural = "结算单"
        ordering: ClassVar = ["run", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "institution"], name="one_statement_per_institution"),
            models.CheckConstraint(
                condition=Q(due=F("deducted") + F("withheld") + F("payable")), name="statement_adds_up"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SettlementLine(models.Model):
    """结算单按基金、险种分行。"""

    settlement = models.ForeignKey(Settlement, verbose_name="结算单", on_delete=models.PROTECT, related_name="lines")
    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    scheme = models.CharField("险种", max_length=10, choices=Scheme.choices())
    claim_count = models.PositiveIntegerField("单据数")
    due = MoneyField("应付")
    deducted = MoneyField("扣款")
    withheld = MoneyField("预留保证金")
    payable = MoneyField("实付")

    class Meta:
        verbose_name = "结算单行"
        verbose_name_plural = "结算单行"
        ordering: ClassVar = ["settlement", "fund", "scheme"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["settlement", "fund", "scheme"], name="one_line_per_fund_and_scheme"),
            models.CheckConstraint(
                condition=Q(due__gte=0, deducted__gte=0, withheld__gte=0, payable__gte=0)
                & Q(due=F("deducted") + F("withheld") + F("payable")),
                name="statement_line_adds_up",
            ),
        ]

    def __str__(self) -> str:
        return f"{Fund.label_of(self.fund)} {Scheme.label_of(self.scheme)}"

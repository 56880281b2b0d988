"""What a re-run changed in settled claims, and where it was taken in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bureau.fields import MoneyField
from bureau.fields.history import tracked
from bureau.kernel.terms import Fund, Scheme
from claims.models.adjudications import Adjudication
from claims.models.claims import Claim
from claims.models.settlements import Settlement, SettlementRun
from claims.terms import AdjustmentStage


@tracked()
class Adjustment(models.Model):
    """已结算单据重算后的差额：正为补差，负为追回；在下一个开放月份结算（decision 2）。"""

    claim = models.ForeignKey(Claim, verbose_name="单据", on_delete=models.PROTECT, related_name="adjustments")
    adjudication = models.ForeignKey(
        Adjudication, verbose_name="重算版本", on_delete=models.PROTECT, related_name="adjustments"
    )
    institution = models.ForeignKey(
        "institutions.Institution", verbose_name="机构", on_delete=models.PROTECT, related_name="+"
    )
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    fund = models.CharField("基金", max_length=20, choices=Fund.choices())
    scheme = models.CharField("险种", max_length=10, choices=Scheme.choices())
    amount = MoneyField("差额")
    reason = models.CharField("原因", max_length=200)
    stage = models.CharField(
        "状态", max_length=10, choices=AdjustmentStage.choices(), default=AdjustmentStage.OPEN.value
    )
    settlement_run = models.ForeignKey(
        SettlementRun,
        verbose_name="最近结算批次",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="adjustments",
    )
    created_at = models.DateTimeField("产生时间", auto_now_add=True)

    class Meta:
        verbose_name = "差额"
        verbose_name_plural = "差额"
        ordering: ClassVar = ["claim", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["adjudication", "fund", "scheme"], name="one_difference_per_version_and_fund"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="difference_is_not_zero"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["institution"], name="difference_open", condition=Q(stage="open")),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {Fund.label_of(self.fund)}"


class AdjustmentUse(models.Model):
    """差额在一张结算单里结了多少；追回超过当月应付的部分留到下月。"""

    adjustment = models.ForeignKey(Adjustment, verbose_name="差额", on_delete=models.PROTECT, related_name="uses")
    settlement = models.ForeignKey(
        Settlement, verbose_name="结算单", on_delete=models.PROTECT, related_name="adjustment_uses"
    )
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    amount = MoneyField("本次结算额")

    class Meta:
        verbose_name = "差额结算"
        verbose_name_plural = "差额结算"
        ordering: ClassVar = ["settlement", "adjustment"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["adjustment", "settlement"], name="difference_once_per_statement"),
            models.CheckConstraint(condition=~Q(amount=0), name="used_difference_is_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.adjustment} {self.settlement}"

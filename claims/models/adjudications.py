"""What a claim is owed, version by version, and what a recheck could not confirm."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from bureau.fields import MoneyField
from bureau.fields.history import tracked
from bureau.kernel.terms import Scheme
from claims.models.claims import Claim
from claims.terms import DiscrepancyKind, DiscrepancyStage


@tracked(exclude=("facts", "trace"))
class Adjudication(models.Model):
    """一次待遇核算的结果：各层金额、事实、政策指纹与全程轨迹。重算另起一版，旧版不改。"""

    claim = models.ForeignKey(Claim, verbose_name="单据", on_delete=models.PROTECT, related_name="adjudications")
    version = models.PositiveSmallIntegerField("版本")
    is_current = models.BooleanField("现行版本", default=True)
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    scheme = models.CharField("险种", max_length=10, choices=Scheme.choices())
    eligible = MoneyField("政策范围内费用")
    prepay = MoneyField("先行自付（异地）", default=0)
    deductible = MoneyField("起付线内")
    pooled = MoneyField("统筹基金支付")
    major_illness = MoneyField("大病保险支付")
    assistance = MoneyField("医疗救助支付")
    personal_burden = MoneyField("个人负担")
    facts = models.JSONField("事实")
    trace = models.JSONField("计算过程")
    policy_sha256 = models.CharField("政策指纹", max_length=64)
    created_at = models.DateTimeField("核算时间", auto_now_add=True)

    class Meta:
        verbose_name = "待遇核算"
        verbose_name_plural = "待遇核算"
        ordering: ClassVar = ["claim", "version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "version"], name="adjudication_version_once"),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(is_current=True), name="one_current_adjudication_per_claim"
            ),
            models.CheckConstraint(
                condition=Q(
                    eligible__gte=0,
                    prepay__gte=0,
                    deductible__gte=0,
                    pooled__gte=0,
                    major_illness__gte=0,
                    assistance__gte=0,
                    personal_burden__gte=0,
                ),
                name="adjudication_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} 第 {self.version} 版"


class Discrepancy(models.Model):
    """核算不符：由所存事实和政策指纹重新计算，得不出所存的核算。由人查明原因后说明，记录不删。"""

    adjudication = models.OneToOneField(
        Adjudication, verbose_name="核算", on_delete=models.PROTECT, related_name="discrepancy"
    )
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    kind = models.CharField("不符之处", max_length=10, choices=DiscrepancyKind.choices())
    stored = models.JSONField("所存金额", default=dict, help_text="不符的各项，单位：分")
    recomputed = models.JSONField("重算金额", default=dict, help_text="不符的各项，单位：分")
    stage = models.CharField(
        "状态", max_length=10, choices=DiscrepancyStage.choices(), default=DiscrepancyStage.OPEN.value
    )
    opened_at = models.DateTimeField("发现时间", auto_now_add=True)
    reason = models.CharField("说明", max_length=300, blank=True)
    explained_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="说明人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    explained_at = models.DateTimeField("说明时间", null=True, blank=True)

    class Meta:
        verbose_name = "核算不符"
        verbose_name_plural = "核算不符"
        ordering: ClassVar = ["-opened_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage="open", reason="", explained_by__isnull=True, explained_at__isnull=True)
                | (Q(stage="explained", explained_by__isnull=False, explained_at__isnull=False) & ~Q(reason="")),
                name="discrepancy_is_explained_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area"], name="discrepancy_open", condition=Q(stage="open")),
        ]

    def __str__(self) -> str:
        return f"{self.adjudication} {DiscrepancyKind.label_of(self.kind)}"

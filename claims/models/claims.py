"""Bills as they came in: the claim, the line of the file it stood in, and the person-year that is locked for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedJSONField
from bureau.fields.history import tracked
from bureau.kernel.terms import Care
from claims.terms import ClaimStage, RowVerdict


@tracked()
class Claim(models.Model):
    """一次就医的费用单据；年度内的顺序号在受理时于人年锁下给出（decision 2）。"""

    institution = models.ForeignKey(
        "institutions.Institution", verbose_name="机构", on_delete=models.PROTECT, related_name="claims"
    )
    number = models.CharField("单据号", max_length=40)
    person = models.ForeignKey(
        "enrollment.Person", verbose_name="参保人", on_delete=models.PROTECT, related_name="claims"
    )
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    service_date = models.DateField("就医日期", help_text="住院为出院日期")
    year = models.PositiveSmallIntegerField("年度")
    sequence = models.PositiveIntegerField("年度内顺序")
    care = models.CharField("医疗类别", max_length=20, choices=Care.choices())
    care_area = models.CharField("就医地", max_length=6)
    is_filed = models.BooleanField("已备案", default=False)
    total = MoneyField("医疗费总额")
    excluded = MoneyField("全自费", default=0)
    over_ceiling = MoneyField("超限价", default=0)
    upfront_copay = MoneyField("先行自付", default=0)
    stage = models.CharField("状态", max_length=12, choices=ClaimStage.choices(), default=ClaimStage.RECEIVED.value)
    batch = models.ForeignKey(
        "trail.ImportBatch", verbose_name="申报批次", null=True, on_delete=models.PROTECT, related_name="+"
    )
    received_month = models.CharField("申报月份", max_length=7)
    settlement_run = models.ForeignKey(
        "claims.SettlementRun",
        verbose_name="结算批次",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="claims",
        # `claim_of_run` alone: beside it the planner takes the narrower one and reads the month for each institution.
        db_index=False,
    )
    settled_version = models.PositiveSmallIntegerField(
        "结算版本", null=True, blank=True, help_text="冻结时的核算版本；此后重算只产生差额，不改结算"
    )

    class Meta:
        verbose_name = "费用单据"
        verbose_name_plural = "费用单据"
        ordering: ClassVar = ["-service_date", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["institution", "number"], name="claim_number_once_per_institution"),
            models.UniqueConstraint(fields=["person", "year", "sequence"], name="claim_sequence_once_per_person_year"),
            models.CheckConstraint(
                condition=Q(excluded__gte=0, over_ceiling__gte=0, upfront_copay__gte=0)
                & Q(total__gte=F("excluded") + F("over_ceiling") + F("upfront_copay")),
                name="claim_parts_within_total",
            ),
            models.CheckConstraint(
                condition=Q(settlement_run__isnull=True, settled_version__isnull=True)
                | Q(settlement_run__isnull=False, settled_version__isnull=False),
                name="settled_claim_has_a_version",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["stage", "received_month"], name="claim_waiting"),
            models.Index(fields=["settlement_run", "institution"], name="claim_of_run"),
        ]

    def __str__(self) -> str:
        return self.number


class PersonYear(models.Model):
    """一人一年：待遇计算的单位。行锁使两个进程不会同时核算同一人年；算不出的，原因记在这里。"""

    person = models.ForeignKey(
        "enrollment.Person", verbose_name="参保人", on_delete=models.PROTECT, related_name="claim_years"
    )
    year = models.PositiveSmallIntegerField("年度")
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    last_sequence = models.PositiveIntegerField("已用顺序号", default=0)
    is_due = models.BooleanField("待核算", default=True)
    due_because = models.CharField(
        "重新核算的缘由", max_length=40, blank=True, default="", db_default="", help_text="由数据库在事实变更时写下"
    )
    problem_code = models.CharField("问题", max_length=60, blank=True)
    problem = models.CharField("不能核算的原因", max_length=300, blank=True)

    class Meta:
        verbose_name = "人年"
        verbose_name_plural = "人年"
        ordering: ClassVar = ["person", "year"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "year"], name="person_year_once")]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="person_year_waiting", condition=Q(is_due=True)),
            models.Index(fields=["area"], name="person_year_in_trouble", condition=~Q(problem_code="")),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.year}"


class ClaimRow(models.Model):
    """申报文件的一行及其判断；退回的行连同原因留在这里，不进入单据。"""

    batch = models.ForeignKey(
        "trail.ImportBatch", verbose_name="批次", on_delete=models.CASCADE, related_name="claim_rows"
    )
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    line = models.PositiveIntegerField("行号")
    number = models.CharField("单据号", max_length=40, blank=True)
    raw = EncryptedJSONField("原文", context="claim_row.raw", default=dict)
    verdict = models.CharField("判断", max_length=10, choices=RowVerdict.choices())
    code = models.CharField("问题", max_length=40, blank=True)
    column = models.CharField("列", max_length=20, blank=True)
    message = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        verbose_name = "申报行"
        verbose_name_plural = "申报行"
        ordering: ClassVar = ["batch", "line"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "line"], name="claim_line_once")]

    def __str__(self) -> str:
        return f"第 {self.line} 行"

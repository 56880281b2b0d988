"""From a bill to money: claims, adjudications, differences, and the month's settlement with its statements."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bureau.fields import MoneyField
from bureau.fields.encrypted import EncryptedJSONField, EncryptedTextField
from bureau.fields.history import tracked
from bureau.kernel.terms import Care, Fund, Scheme
from claims.terms import (
    AdjustmentStage,
    ClaimStage,
    DiscrepancyKind,
    DiscrepancyStage,
    RowVerdict,
    SettlementStage,
)


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

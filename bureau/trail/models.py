"""The paper trail: what was done by whom, which file came in, which long job ran.

It does not know what the subjects are.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from bureau.fields.encrypted import EncryptedBytesField
from bureau.trail.terms import BatchKind, BatchStage, Book, ReadKind, RunStage, StepStage


class ActionLog(models.Model):
    """操作日志，只增不改；对业务对象只留文字引用，因为日志要比对象活得久。"""

    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField("动作", max_length=60)
    subject_kind = models.CharField("对象类型", max_length=40)
    subject_key = models.CharField("对象编号", max_length=80)
    summary = models.CharField("经过", max_length=400)
    detail = models.JSONField("明细", default=dict)
    area_code = models.CharField("区划代码", max_length=12, blank=True)

    class Meta:
        verbose_name = "操作日志"
        verbose_name_plural = "操作日志"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["subject_kind", "subject_key", "-id"], name="action_log_of_subject")]

    def __str__(self) -> str:
        return self.summary


class ReadRecord(models.Model):
    """查阅记录，只增不改：谁在何时、在哪个画面看过谁；配额也按它计数。"""

    at = models.DateTimeField("时间", auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="查阅人", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("种类", max_length=10, choices=ReadKind.choices())
    screen = models.CharField("画面", max_length=30)
    subject_kind = models.CharField("对象类型", max_length=40)
    subject_key = models.CharField("对象编号", max_length=80, blank=True)
    area_code = models.CharField("区划代码", max_length=12, blank=True)

    class Meta:
        verbose_name = "查阅记录"
        verbose_name_plural = "查阅记录"
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["by", "kind", "at"], name="reads_of_somebody"),
            models.Index(fields=["subject_kind", "subject_key"], name="reads_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{ReadKind.label_of(self.kind)} {self.subject_kind} {self.subject_key}"


class DayHead(models.Model):
    """每日链头：这一天结束时链有多长、链头是什么；它自己也是链上的一环。"""

    day = models.DateField("日期", unique=True)
    at = models.DateTimeField("封存时间")
    number = models.BigIntegerField("环号")
    sha256 = models.CharField("链头", max_length=64)

    class Meta:
        verbose_name = "每日链头"
        verbose_name_plural = "每日链头"
        ordering: ClassVar = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} 第 {self.number} 环"


class Seal(models.Model):
    """一环：上一环的指纹与一行内容合成的指纹；只由数据库函数 `trail_seal_lines` 添加（decision 25）。"""

    number = models.BigIntegerField("环号", primary_key=True)
    book = models.CharField("簿", max_length=6, choices=Book.choices())
    line = models.BigIntegerField("行")
    sealed_at = models.DateTimeField("封存时间")
    sha256 = models.CharField("指纹", max_length=64)

    class Meta:
        verbose_name = "链环"
        verbose_name_plural = "链环"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["book", "line"], name="line_sealed_once")]

    def __str__(self) -> str:
        return f"第 {self.number} 环"


class ImportBatch(models.Model):
    """一份外来文件：原样保存，内容指纹，谁交的、谁复核的、各环节的数。"""

    kind = models.CharField("种类", max_length=10, choices=BatchKind.choices())
    source = models.CharField("来源", max_length=30, help_text="名单为来源部门，费用申报为机构编码")
    area_code = models.CharField("区划代码", max_length=12)
    month = models.CharField("月份", max_length=7)
    file_name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField("内容指纹", max_length=64)
    content = EncryptedBytesField("文件内容", context="import_batch.content")
    stage = models.CharField("状态", max_length=15, choices=BatchStage.choices(), default=BatchStage.CHECKING.value)
    counts = models.JSONField("计数", default=dict)
    comparison_sha256 = models.CharField("差异指纹", max_length=64, blank=True)
    message = models.CharField("说明", max_length=400, blank=True)
    opened_at = models.DateTimeField("交入时间", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="经办人",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="机构经接口交入的费用文件没有经办人",
    )
    confirmed_at = models.DateTimeField("复核时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    confirmed_sha256 = models.CharField("复核所依差异指纹", max_length=64, blank=True)

    class Meta:
        verbose_name = "导入批次"
        verbose_name_plural = "导入批次"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "source", "area_code", "month", "sha256"],
                condition=~models.Q(stage__in=["refused", "revoked"]),
                name="import_batch_same_bytes_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="roster")
                | models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("opened_by")),
                name="roster_checker_is_not_maker",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | models.Q(confirmed_sha256=models.F("comparison_sha256")),
                name="confirmation_is_bound_to_the_comparison",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="roster") | models.Q(opened_by__isnull=False),
                name="roster_has_a_maker",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.file_name}"


class Run(models.Model):
    """一次长作业（如某月结算）；同一作业同一期间只有一个，状态在库里，任何进程都能接着办。"""

    job = models.CharField("作业", max_length=40)
    period = models.CharField("期间", max_length=20)
    stage = models.CharField("状态", max_length=10, choices=RunStage.choices(), default=RunStage.OPEN.value)
    opened_at = models.DateTimeField("开始时间", auto_now_add=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)
    message = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        verbose_name = "作业"
        verbose_name_plural = "作业"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "period"], name="run_once_per_job_and_period")]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class Step(models.Model):
    """作业的一步：一步一个事务，键取自业务键，重做无害。"""

    run = models.ForeignKey(Run, verbose_name="作业", on_delete=models.CASCADE, related_name="steps")
    key = models.CharField("步骤", max_length=60)
    stage = models.CharField("状态", max_length=10, choices=StepStage.choices(), default=StepStage.WAITING.value)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    not_before = models.DateTimeField("最早重试时间", null=True, blank=True)
    error = models.CharField("原因", max_length=400, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "作业步骤"
        verbose_name_plural = "作业步骤"
        ordering: ClassVar = ["run", "key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "key"], name="step_once_per_run")]
        indexes: ClassVar = [models.Index(fields=["run", "stage"], name="step_by_stage")]

    def __str__(self) -> str:
        return f"{self.run} {self.key}"

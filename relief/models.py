"""Who is helped and since when, and the staged rows of the monthly rosters that say so."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bureau.fields import ends_after_it_begins, no_overlap
from bureau.fields.encrypted import BlindIndexField, EncryptedJSONField, EncryptedTextField
from bureau.fields.history import tracked
from bureau.kernel.terms import ReliefCategory

ID_CONTEXT = "roster_entry.id_number"
PHONE_CONTEXT = "roster_entry.phone"
RAW_CONTEXT = "roster_entry.raw"


@tracked()
class ReliefStatus(models.Model):
    """救助身份；同一来源同一类别不重叠，多个身份并存时就高 (WR-02, decision 9)。"""

    person = models.ForeignKey(
        "enrollment.Person", verbose_name="对象", on_delete=models.PROTECT, related_name="relief_statuses"
    )
    source = models.CharField("来源", max_length=20)
    category = models.CharField("类别", max_length=20, choices=ReliefCategory.choices())
    area = models.ForeignKey("organization.Area", verbose_name="认定地", on_delete=models.PROTECT)
    town = models.CharField("乡镇（街道）", max_length=40, blank=True)
    village = models.CharField("村（社区）", max_length=40, blank=True)
    granted_on = models.DateField("认定日期", null=True, blank=True)
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("终止日期（不含）", null=True, blank=True)
    begun_by = models.ForeignKey(
        "trail.ImportBatch", verbose_name="认定批次", null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_by = models.ForeignKey(
        "trail.ImportBatch", verbose_name="退出批次", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_until = models.DateField(
        "费用已结算至（不含）",
        null=True,
        blank=True,
        help_text="本人此日以前的费用已按当时的身份结算，身份不能再自动回退",
    )

    class Meta:
        verbose_name = "救助身份"
        verbose_name_plural = "救助身份"
        ordering: ClassVar = ["person", "valid_from"]
        constraints: ClassVar = [
            no_overlap("one_status_per_source_and_category", "person", "source", "category"),
            ends_after_it_begins("status_ends_after_it_begins"),
        ]
        indexes: ClassVar = [models.Index(fields=["source", "area", "valid_from"], name="standing_list")]

    def __str__(self) -> str:
        return f"{self.person} {ReliefCategory.label_of(self.category)}"


@tracked()
class RosterEntry(models.Model):
    """名单里的一行（或一个退出的人），及对它的判断；原文保留。"""

    # Rows are asked for by batch and line, which have an index; a key of batch and area stands in the migrations.
    batch = models.ForeignKey(
        "trail.ImportBatch",
        verbose_name="批次",
        on_delete=models.CASCADE,
        related_name="roster_entries",
        db_index=False,
        db_constraint=False,
    )
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT, db_index=False)
    line = models.PositiveIntegerField("行号", null=True, help_text="退出的人不在文件里，没有行号")
    id_number = EncryptedTextField("身份证号", context=ID_CONTEXT, blank=True)
    # Of the same context as a person's, so that a row and the person it means have the same index.
    id_index = BlindIndexField("身份证号索引", of="id_number", context="person.id_number", null=True)
    name = models.CharField("姓名", max_length=60, blank=True)
    categories = models.JSONField("全部身份", default=list)
    category = models.CharField("救助类别", max_length=20, blank=True)
    previous_category = models.CharField("原类别", max_length=20, blank=True)
    town = models.CharField("乡镇（街道）", max_length=40, blank=True)
    village = models.CharField("村（社区）", max_length=40, blank=True)
    phone = EncryptedTextField("联系电话", context=PHONE_CONTEXT, blank=True)
    granted_on = models.DateField("认定日期", null=True, blank=True)
    raw = EncryptedJSONField("原文", context=RAW_CONTEXT, default=dict)
    verdict = models.CharField("判断", max_length=10)
    code = models.CharField("问题", max_length=30, blank=True)
    message = models.CharField("说明", max_length=300, blank=True)
    warnings = models.JSONField("提示", default=list)
    person = models.ForeignKey(
        "enrollment.Person", verbose_name="对象", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    settled_how = models.CharField("处理方式", max_length=10, blank=True, help_text="fixed 改正，set_aside 移出本批")
    settled_reason = models.CharField("处理说明", max_length=200, blank=True)

    class Meta:
        verbose_name = "名单行"
        verbose_name_plural = "名单行"
        ordering: ClassVar = ["batch", "line", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["batch", "line"], name="roster_line_once")]
        indexes: ClassVar = [models.Index(fields=["batch", "verdict", "line"], name="roster_by_verdict")]

    def __str__(self) -> str:
        return f"第 {self.line} 行" if self.line else "退出"

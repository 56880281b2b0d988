"""Snapshots of a period's claims, scenarios of another law, and what came of running one over the other."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from bureau.simulation.terms import SimulationStage


class Snapshot(models.Model):
    """一段时期费用单据的列存快照；文件在 var/ 下，按编号找，内容指纹与机器无关。"""

    key = models.CharField("编号", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    city = models.CharField("城市", max_length=20)
    valid_from = models.DateField("就医日期起")
    valid_until = models.DateField("就医日期止", help_text="当日起不含")
    claims = models.PositiveBigIntegerField("单据")
    persons = models.PositiveBigIntegerField("人数")
    person_years = models.PositiveBigIntegerField("人年")
    sha256 = models.CharField("内容指纹", max_length=64)
    is_synthetic = models.BooleanField("虚构数据", default=False, help_text="不是本库单据，不能由人员编号打开档案")
    built_at = models.DateTimeField("生成时间", auto_now_add=True)

    class Meta:
        verbose_name = "费用快照"
        verbose_name_plural = "费用快照"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Scenario(models.Model):
    """测算方案：一部现行或草拟的法、在其上的改动；两边的政策字节都存下，从不写政策。"""

    name = models.CharField("名称", max_length=60)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    city = models.CharField("城市", max_length=20)
    base_content = models.BinaryField("对照政策")
    base_sha256 = models.CharField("对照政策指纹", max_length=64)
    base_year = models.PositiveSmallIntegerField("对照按哪一年的政策", null=True, blank=True)
    content = models.BinaryField("方案政策")
    sha256 = models.CharField("方案政策指纹", max_length=64)
    year = models.PositiveSmallIntegerField("方案按哪一年的政策", null=True, blank=True)
    changes = models.JSONField("改动", default=list)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="建立人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "测算方案"
        verbose_name_plural = "测算方案"
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.name


class Simulation(models.Model):
    """一个方案在一份快照上的测算；结果连同全部指纹存下，同样的输入得同样的结果指纹。"""

    scenario = models.ForeignKey(Scenario, verbose_name="方案", on_delete=models.CASCADE, related_name="simulations")
    snapshot = models.ForeignKey(Snapshot, verbose_name="快照", on_delete=models.PROTECT, related_name="simulations")
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    run_id = models.BigIntegerField("作业", null=True, blank=True)
    stage = models.CharField(
        "状态", max_length=10, choices=SimulationStage.choices(), default=SimulationStage.COMPUTING.value
    )
    reserves = models.JSONField("各基金累计结余", default=dict, help_text="分；可支付月数由此算")
    result = models.JSONField("结果", null=True, blank=True)
    sha256 = models.CharField("结果指纹", max_length=64, blank=True)
    code_version = models.CharField("程序指纹", max_length=16, blank=True)
    created_at = models.DateTimeField("发起时间", auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="发起人", on_delete=models.PROTECT, related_name="+"
    )
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = "测算"
        verbose_name_plural = "测算"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scenario", "snapshot"], name="simulation_once_per_snapshot"),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}（{self.snapshot}）"


class SimulationPart(models.Model):
    """测算中途的一段合计：作业断了从这里接着算，算完即删。"""

    simulation = models.ForeignKey(Simulation, verbose_name="测算", on_delete=models.CASCADE, related_name="parts")
    key = models.CharField("步骤", max_length=10)
    content = models.BinaryField("合计")

    class Meta:
        verbose_name = "测算分段"
        verbose_name_plural = "测算分段"
        ordering: ClassVar = ["simulation", "key"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["simulation", "key"], name="simulation_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.simulation} {self.key}"

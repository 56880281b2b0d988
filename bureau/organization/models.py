"""Areas, offices, staff and their duties.

An area's code is its key, so a row's owner can be read off its foreign key.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models

from bureau.fields import ends_after_it_begins, no_overlap
from bureau.organization.terms import AreaLevel, Duty, OfficeKind


class Area(models.Model):
    """行政区划 (GB/T 2260; towns have 9 digits)."""

    code = models.CharField("区划代码", max_length=12, primary_key=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("层级", max_length=10, choices=AreaLevel.choices())
    parent = models.ForeignKey(
        "self", verbose_name="上级", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )

    class Meta:
        verbose_name = "区划"
        verbose_name_plural = "区划"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """What the codes of this area and of all below it begin with: 510700 → 5107, 510704 → 510704."""
        return self.code[:4] if self.level == AreaLevel.CITY else self.code


class Office(models.Model):
    """科室、经办窗口或便民服务中心。"""

    area = models.ForeignKey(Area, verbose_name="区划", on_delete=models.PROTECT)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("性质", max_length=10, choices=OfficeKind.choices())

    class Meta:
        verbose_name = "科室窗口"
        verbose_name_plural = "科室窗口"
        ordering: ClassVar = ["area", "name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["area", "name"], name="office_once_per_area")]

    def __str__(self) -> str:
        return self.name


class Staff(AbstractUser):
    """工作人员，系统的登录用户；所在区划决定看得见哪些记录，岗位决定能办什么。"""

    username = models.CharField("用户名", max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField("姓名", max_length=40)
    area = models.ForeignKey(Area, verbose_name="所在区划", on_delete=models.PROTECT, null=True)
    office = models.ForeignKey(Office, verbose_name="科室窗口", on_delete=models.PROTECT, null=True, blank=True)

    REQUIRED_FIELDS: ClassVar = ["full_name"]

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)


class DutyAssignment(models.Model):
    """某人在某段时间担任某岗位；任免留痕，不覆盖。"""

    staff = models.ForeignKey(Staff, verbose_name="工作人员", on_delete=models.CASCADE, related_name="duties")
    duty = models.CharField("岗位", max_length=20, choices=Duty.choices())
    valid_from = models.DateField("任职日期")
    valid_until = models.DateField("离任日期", null=True, blank=True)

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = "任职"
        ordering: ClassVar = ["staff", "duty", "valid_from"]
        constraints: ClassVar = [
            no_overlap("duty_held_once_at_a_time", "staff", "duty"),
            ends_after_it_begins("duty_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {Duty.label_of(self.duty)}"

"""Areas, offices, staff and their duties, and what guards the doors: second factors, keys, tallies.

An area's code is its key, so a row's owner can be read off its foreign key. These tables are read before anybody is
known, so none but the calls of keys stands behind row-level security.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models

from bureau.fields import ends_after_it_begins, no_overlap
from bureau.fields.history import tracked
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


@tracked(inserts=True, exclude=("password", "last_login", "sessions_from", "initial_until"))
class Staff(AbstractUser):
    """工作人员，系统的登录用户；所在区划决定看得见哪些记录，岗位决定能办什么。"""

    username = models.CharField("用户名", max_length=60, unique=True, validators=[UnicodeUsernameValidator()])
    full_name = models.CharField("姓名", max_length=40)
    area = models.ForeignKey(Area, verbose_name="所在区划", on_delete=models.PROTECT, null=True)
    office = models.ForeignKey(Office, verbose_name="科室窗口", on_delete=models.PROTECT, null=True, blank=True)
    sessions_from = models.DateTimeField(
        "登录有效起点", null=True, editable=False, help_text="此前开始的登录一律失效。"
    )
    initial_until = models.DateTimeField(
        "初始密码有效期至", null=True, editable=False, help_text="现用密码是系统给的，须在此之前由本人改掉。"
    )

    REQUIRED_FIELDS: ClassVar = ["full_name"]

    class Meta:
        verbose_name = "工作人员"
        verbose_name_plural = "工作人员"
        ordering: ClassVar = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        return str(self)


@tracked(inserts=True)
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


class SecondFactor(models.Model):
    """二次验证：密钥由种子与系统密钥推导，库里没有密钥；用过的时间步不能再用。"""

    staff = models.OneToOneField(
        Staff, verbose_name="工作人员", on_delete=models.CASCADE, related_name="second_factor", primary_key=True
    )
    seed = models.CharField("种子", max_length=64)
    last_step = models.BigIntegerField("最近使用的时间步")
    enrolled_at = models.DateTimeField("绑定时间", auto_now_add=True)

    class Meta:
        verbose_name = "二次验证"
        verbose_name_plural = "二次验证"

    def __str__(self) -> str:
        return f"{self.staff}的二次验证"


class OpenSession(models.Model):
    """登录：谁在哪里登录着；会话没有了，这一行也没有了。"""

    staff = models.ForeignKey(
        Staff, verbose_name="工作人员", on_delete=models.CASCADE, related_name="open_sessions", editable=False
    )
    session = models.OneToOneField(
        "sessions.Session", verbose_name="会话", on_delete=models.CASCADE, related_name="+", editable=False
    )
    began_at = models.DateTimeField("登录时间")
    seen_at = models.DateTimeField("最近操作")
    address = models.CharField("地址", max_length=45)
    client = models.CharField("设备", max_length=40)

    class Meta:
        verbose_name = "登录"
        verbose_name_plural = "登录"
        ordering: ClassVar = ["-began_at", "-id"]

    def __str__(self) -> str:
        return f"{self.address} {self.client}"


class InstitutionKey(models.Model):
    """定点机构调用接口的密钥：只存摘要，只认本机构编码；更换时新旧并行几天，吊销立即生效。"""

    institution_code = models.CharField("机构编码", max_length=12)
    area = models.ForeignKey(Area, verbose_name="区划", on_delete=models.PROTECT)
    prefix = models.CharField("前缀", max_length=8, unique=True, help_text="密钥的开头，用来认出是哪一个。")
    digest = models.CharField("摘要", max_length=64, editable=False)
    issued_at = models.DateTimeField("签发时间", auto_now_add=True)
    issued_by = models.ForeignKey(Staff, verbose_name="签发人", null=True, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField("失效时间")
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)
    reason = models.CharField("吊销原因", max_length=200, blank=True)

    class Meta:
        verbose_name = "接口密钥"
        verbose_name_plural = "接口密钥"
        ordering: ClassVar = ["institution_code", "-id"]
        indexes: ClassVar = [models.Index(fields=["institution_code"], name="key_by_institution")]

    def __str__(self) -> str:
        return f"{self.institution_code} {self.prefix}"


class InstitutionCall(models.Model):
    """接口调用：哪个密钥、何时、调了什么、结果如何；带幂等键的，同一键只办一次。"""

    key = models.ForeignKey(InstitutionKey, verbose_name="密钥", on_delete=models.PROTECT, related_name="calls")
    institution_code = models.CharField("机构编码", max_length=12)
    area = models.ForeignKey(Area, verbose_name="区划", on_delete=models.PROTECT)
    at = models.DateTimeField("时间", auto_now_add=True)
    what = models.CharField("接口", max_length=60)
    status = models.PositiveSmallIntegerField("状态码")
    idempotency_key = models.CharField("幂等键", max_length=64, blank=True)
    fingerprint = models.CharField("内容指纹", max_length=64, blank=True)
    subject_key = models.CharField("对象编号", max_length=80, blank=True)

    class Meta:
        verbose_name = "接口调用"
        verbose_name_plural = "接口调用"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["institution_code", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="deed_once_per_idempotency_key",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_code} {self.what}"


class Tally(models.Model):
    """一段时间内某事发生的次数，供登录、查询、下载限次；各进程共用。键里没有人名和证件号。"""

    key = models.CharField("键", max_length=80, primary_key=True)
    count = models.PositiveIntegerField("次数")
    ends_at = models.DateTimeField("清零时间")

    class Meta:
        verbose_name = "限次计数"
        verbose_name_plural = "限次计数"
        indexes: ClassVar = [models.Index(fields=["ends_at"], name="tally_by_end")]

    def __str__(self) -> str:
        return self.key

"""Who may treat: institutions, what they may do, and the agreements that let them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bureau.fields import ends_after_it_begins, no_overlap
from bureau.fields.encrypted import EncryptedTextField
from bureau.fields.history import tracked
from bureau.kernel.terms import Level
from institutions.terms import AgreementStage, Capability, InstitutionKind


@tracked(inserts=True)
class Institution(models.Model):
    """定点医药机构；统筹区外的机构也登记在此，但不需要本地协议（decision 7）。"""

    code = models.CharField("机构编码", max_length=12, unique=True)
    name = models.CharField("机构名称", max_length=80)
    kind = models.CharField("类别", max_length=10, choices=InstitutionKind.choices())
    level = models.CharField("等级", max_length=10, choices=Level.choices())
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    bank_name = models.CharField("开户行", max_length=80, blank=True)
    bank_account = EncryptedTextField("银行账号", context="institution.bank_account", blank=True)
    contact = EncryptedTextField("联系电话", context="institution.contact", blank=True)

    class Meta:
        verbose_name = "定点医药机构"
        verbose_name_plural = "定点医药机构"
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name


@tracked(inserts=True)
class InstitutionCapability(models.Model):
    """机构的一项服务资格及其有效期。"""

    institution = models.ForeignKey(
        Institution, verbose_name="机构", on_delete=models.CASCADE, related_name="capabilities"
    )
    capability = models.CharField("服务资格", max_length=20, choices=Capability.choices())
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    valid_from = models.DateField("取得日期")
    valid_until = models.DateField("终止日期（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "服务资格"
        verbose_name_plural = "服务资格"
        ordering: ClassVar = ["institution", "capability", "valid_from"]
        constraints: ClassVar = [
            no_overlap("capability_once_at_a_time", "institution", "capability"),
            ends_after_it_begins("capability_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return Capability.label_of(self.capability)


@tracked(inserts=True)
class Agreement(models.Model):
    """医疗保障服务协议；有效期内才可结算。"""

    institution = models.ForeignKey(
        Institution, verbose_name="机构", on_delete=models.PROTECT, related_name="agreements"
    )
    number = models.CharField("协议编号", max_length=40, unique=True)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    stage = models.CharField(
        "状态", max_length=10, choices=AgreementStage.choices(), default=AgreementStage.ACTIVE.value
    )
    signed_on = models.DateField("签订日期")
    valid_from = models.DateField("生效日期")
    valid_until = models.DateField("到期日期（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "服务协议"
        verbose_name_plural = "服务协议"
        ordering: ClassVar = ["institution", "valid_from"]
        constraints: ClassVar = [
            no_overlap("one_agreement_at_a_time", "institution"),
            ends_after_it_begins("agreement_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.number

"""The person's file: identity, coverage, chronic recognitions. ID digits stand in `Person` alone."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from bureau.fields import ends_after_it_begins, no_overlap
from bureau.fields.encrypted import BlindIndexField, EncryptedTextField
from bureau.fields.history import tracked
from bureau.kernel.terms import Employment, Scheme
from enrollment.terms import Gender

ID_CONTEXT = "person.id_number"
PHONE_CONTEXT = "person.phone"


@tracked(inserts=True)
class Person(models.Model):
    """参保人员或救助对象的个人档案；区划为参保（户籍）所在县，可细到乡镇。"""

    id_number = EncryptedTextField("身份证号", context=ID_CONTEXT)
    id_index = BlindIndexField("身份证号索引", of="id_number", context=ID_CONTEXT, unique=True)
    name = models.CharField("姓名", max_length=60)
    gender = models.CharField("性别", max_length=6, choices=Gender.choices())
    born_on = models.DateField("出生日期")
    deceased_on = models.DateField("死亡日期", null=True, blank=True)
    phone = EncryptedTextField("联系电话", context=PHONE_CONTEXT, blank=True)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    is_registered_poor = models.BooleanField("建档立卡", default=False)

    class Meta:
        verbose_name = "个人档案"
        verbose_name_plural = "个人档案"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["name"], name="person_by_name")]

    def __str__(self) -> str:
        return self.name


@tracked(inserts=True)
class Enrollment(models.Model):
    """一段参保：同一人同一天只能参加一个险种 (WZ-05, WZ-06)；退休即结束一段、另起一段 (YX-70)。"""

    person = models.ForeignKey(Person, verbose_name="参保人", on_delete=models.PROTECT, related_name="enrollments")
    scheme = models.CharField("险种", max_length=10, choices=Scheme.choices())
    employment = models.CharField("就业状态", max_length=10, choices=Employment.choices(), blank=True)
    area = models.ForeignKey("organization.Area", verbose_name="参保地", on_delete=models.PROTECT)
    valid_from = models.DateField("待遇开始")
    valid_until = models.DateField("待遇终止（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "参保"
        verbose_name_plural = "参保"
        ordering: ClassVar = ["person", "valid_from"]
        constraints: ClassVar = [
            no_overlap("enrolled_once_at_a_time", "person"),
            ends_after_it_begins("enrollment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(scheme="employee", employment__in=["in_service", "retired"])
                | Q(scheme="resident", employment=""),
                name="employment_goes_with_employee_scheme",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {Scheme.label_of(self.scheme)}"


@tracked(inserts=True)
class ChronicRecognition(models.Model):
    """门诊慢性病认定；认定之日起享受 (YX-83)，病种数决定年度限额 (YX-14, YX-15)。"""

    person = models.ForeignKey(Person, verbose_name="参保人", on_delete=models.PROTECT, related_name="recognitions")
    disease_code = models.CharField("病种编码", max_length=6)
    disease_name = models.CharField("病种", max_length=60)
    area = models.ForeignKey("organization.Area", verbose_name="区划", on_delete=models.PROTECT)
    valid_from = models.DateField("认定日期")
    valid_until = models.DateField("终止日期（不含）", null=True, blank=True)

    class Meta:
        verbose_name = "慢性病认定"
        verbose_name_plural = "慢性病认定"
        ordering: ClassVar = ["person", "valid_from"]
        constraints: ClassVar = [
            no_overlap("recognized_once_per_disease", "person", "disease_code"),
            ends_after_it_begins("recognition_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.disease_name

"""A release is a city's law as one immutable blob with its hash; drafts become releases by a second person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bureau.fields.history import tracked
from bureau.policy.terms import City, ReleaseStage


@tracked(exclude=("content",))
class Release(models.Model):
    """政策发布：全部政策文件的字节和指纹；发布后不可改，核算记下指纹。"""

    city = models.CharField("城市", max_length=20)
    number = models.PositiveIntegerField("发布号")
    area = models.ForeignKey("organization.Area", verbose_name="统筹区", on_delete=models.PROTECT)
    stage = models.CharField("状态", max_length=12, choices=ReleaseStage.choices(), default=ReleaseStage.DRAFT.value)
    content = models.BinaryField("文件字节")
    sha256 = models.CharField("指纹", max_length=64)
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="起草人", on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核发布人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "政策发布"
        verbose_name_plural = "政策发布"
        ordering: ClassVar = ["city", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["city", "number"], name="release_number_once"),
            models.UniqueConstraint(
                fields=["city"], condition=Q(stage="published"), name="one_published_release_per_city"
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("drafted_by")),
                name="release_checker_is_not_drafter",
            ),
        ]

    def __str__(self) -> str:
        return f"{City.label_of(self.city)}第 {self.number} 次发布"

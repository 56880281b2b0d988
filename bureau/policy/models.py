"""A release is a city's law as one immutable blob with its hash; drafts become releases by a second person."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from bureau.fields.history import tracked
from bureau.policy.terms import City, ReleaseStage

_FIXED = ("submitted", "checked")


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
    base = models.ForeignKey(
        "self", verbose_name="起草所依据的发布", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    submitted_sha256 = models.CharField("送审指纹", max_length=64, blank=True)
    return_reason = models.CharField("退回原因", max_length=200, blank=True)
    checked_at = models.DateTimeField("复核时间", null=True, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="复核人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checked_sha256 = models.CharField("复核指纹", max_length=64, blank=True)
    checked_against = models.CharField("复核时的现行指纹", max_length=64, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="发布人",
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
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="release_reader_is_not_drafter",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=_FIXED) | Q(submitted_sha256=F("sha256")),
                name="release_stays_as_submitted",
            ),
            models.CheckConstraint(
                condition=Q(checked_sha256="") | Q(checked_sha256=F("sha256"), checked_by__isnull=False),
                name="release_stays_as_checked",
            ),
            models.CheckConstraint(
                condition=~Q(stage="checked") | ~Q(checked_sha256=""), name="release_checked_has_its_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"{City.label_of(self.city)}第 {self.number} 次发布"


class DraftVersion(models.Model):
    """草稿的一次保存：当时的全部字节，可以回到它。"""

    release = models.ForeignKey(Release, verbose_name="草稿", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    content = models.BinaryField("文件字节")
    sha256 = models.CharField("指纹", max_length=64)
    what = models.CharField("改动", max_length=200)
    saved_at = models.DateTimeField("保存时间", auto_now_add=True)

    class Meta:
        verbose_name = "草稿版本"
        verbose_name_plural = "草稿版本"
        ordering: ClassVar = ["release", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="draft_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release}第 {self.number} 版"


class OpenedChange(models.Model):
    """核对人打开过的一处改动；指纹变了就要重新打开。"""

    release = models.ForeignKey(Release, verbose_name="草稿", on_delete=models.PROTECT, related_name="opened")
    sha256 = models.CharField("打开时的指纹", max_length=64)
    key = models.CharField("改动", max_length=32)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="核对人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("打开时间", auto_now_add=True)

    class Meta:
        verbose_name = "已核对的改动"
        verbose_name_plural = "已核对的改动"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "sha256", "key", "by"], name="change_opened_once"),
        ]

    def __str__(self) -> str:
        return f"{self.release}：{self.key}"

"""The compiled law: of the release in force, or of any release by the hash that an adjudication carries.

Compiling takes a moment, so each process does it once per hash; only the hash is asked of the database each time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import connection

from bureau.kernel.errors import BusinessError
from bureau.policy.models import Release
from bureau.policy.rules import packs
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bureau.policy.rules.rulebook import Rulebook


def rulebook_in_force() -> Rulebook:
    """The law of the published release."""
    sha256 = Release.objects.filter(stage=ReleaseStage.PUBLISHED.value).values_list("sha256", flat=True).first()
    if sha256 is None:
        raise BusinessError("policy.nothing_published", "还没有发布任何政策，请先由政策管理岗起草、复核岗发布。")
    return rulebook(sha256)


@lru_cache(maxsize=4)
def rulebook(sha256: str) -> Rulebook:
    """The law with this hash, in force or long superseded; bytes that no longer have it are no law."""
    content = Release.objects.filter(sha256=sha256).values_list("content", flat=True).first()
    if content is None:
        raise BusinessError("policy.release_unknown", f"没有指纹为 {sha256[:12]} 的政策发布。")
    found = packs.load_bytes(bytes(content))
    if found.sha256 != sha256:
        raise BusinessError(
            "policy.release_altered", f"政策发布的内容与指纹 {sha256[:12]} 不符，不能据以计算，请报告系统管理员。"
        )
    return found


@lru_cache(maxsize=4)
def rulebook_of_city(city: str) -> Rulebook:
    """The packs of a city as they stand in the source tree, whether a release of ours or not; to compare with."""
    return packs.load_city(city)


def releases(*, with_unpublished: bool = False) -> list[tuple[str, str]]:
    """Hash and words of the releases, the newest first; those not yet published only where asked for."""
    found = Release.objects.exclude(stage=ReleaseStage.WITHDRAWN.value).order_by("city", "-number")
    if not with_unpublished:
        found = found.filter(stage__in=[ReleaseStage.PUBLISHED.value, ReleaseStage.SUPERSEDED.value])
    known: dict[str, str] = {}
    for release in found.only("city", "number", "stage", "sha256"):
        known.setdefault(release.sha256, f"{release}（{release.get_stage_display()}）")
    return list(known.items())


def intact(hashes: Iterable[str]) -> set[str]:
    """Those of these hashes whose release is there, its bytes as they were hashed; asked of the database each time."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT sha256 FROM policy_release"
            " WHERE sha256 = ANY(%s) AND encode(sha256(content), 'hex') = sha256",
            [list(hashes)],
        )
        return {sha256 for (sha256,) in cursor.fetchall()}

"""Writing a draft: begin it from a release, change its documents, go back to what was. Every save is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.terms import Duty
from bureau.policy.models import DraftVersion, Release
from bureau.policy.rules import packs, templates
from bureau.policy.selectors.releases import files_of
from bureau.policy.services import drafting
from bureau.policy.services.entitlement import check_is_drafter, check_may
from bureau.policy.terms import ReleaseStage

if TYPE_CHECKING:
    from datetime import date

    from bureau.organization.models import Staff

LONGEST = 200_000
MOST_FILES = 60


def start(*, base: Release, note: str, by: Staff) -> Release:
    """A draft with the documents of a release, in force or former."""
    check_may(by, Duty.POLICY)
    return _start(base, note.strip(), by)


@transaction.atomic
def _start(base: Release, note: str, by: Staff) -> Release:
    if base.stage not in (ReleaseStage.PUBLISHED, ReleaseStage.SUPERSEDED):
        raise BusinessError("policy.base_not_published", f"{base}没有发布过，不能作为起草的依据。")
    if not note:
        raise BusinessError("policy.note_missing", "请写明为什么起草，复核人和以后的人据此了解。")
    newest = drafting.newest_locked(base.city)
    return drafting.create(after=newest, city=base.city, content=bytes(base.content), note=note, base=base, by=by)


def save_document(release: Release, *, name: str, text: str, expected: str, by: Staff) -> Release:
    """Store a document as it was typed, right or wrong: what is wrong with it is shown, and stops it being submitted.

    `expected` is the digest of the draft that was on the screen; another window may have saved meanwhile.
    """
    check_may(by, Duty.POLICY)
    return _save_document(release, name, text.replace("\r\n", "\n"), expected, by)


@transaction.atomic
def _save_document(release: Release, name: str, text: str, expected: str, by: Staff) -> Release:
    release = _editable(release, by)
    files = files_of(release)
    if release.sha256 != expected:
        raise BusinessError("policy.draft_moved", "草稿已在别的窗口改过。您填的内容还在页面上，请核对后再保存一次。")
    if name not in files:
        raise BusinessError("policy.document_unknown", f"草稿里没有文件“{name}”。")
    _check_text(text)
    return _write(release, files | {name: text}, f"改动 {name}")


def add_document(release: Release, *, document_id: str, title: str, valid_from: date, by: Staff) -> Release:
    """A new document from the template."""
    check_may(by, Duty.POLICY)
    return _add_document(release, document_id, title.strip(), valid_from, by)


@transaction.atomic
def _add_document(release: Release, document_id: str, title: str, valid_from: date, by: Staff) -> Release:
    release = _editable(release, by)
    files, name = files_of(release), templates.file_name(document_id)
    if name in files:
        raise BusinessError("policy.document_exists", f"草稿里已有文件“{name}”，请另取编号。")
    if len(files) >= MOST_FILES:
        raise BusinessError("policy.too_many_documents", f"一次发布最多 {MOST_FILES} 份文件。")
    text = templates.new_document(document_id=document_id, title=title, valid_from=valid_from)
    return _write(release, files | {name: text}, f"新增 {name}")


def remove_document(release: Release, *, name: str, by: Staff) -> Release:
    """Take out a document that this draft added; one that was law before ends by its days, it does not vanish."""
    check_may(by, Duty.POLICY)
    return _remove_document(release, name, by)


@transaction.atomic
def _remove_document(release: Release, name: str, by: Staff) -> Release:
    release = _editable(release, by)
    files = files_of(release)
    if name not in files:
        raise BusinessError("policy.document_unknown", f"草稿里没有文件“{name}”。")
    if release.base is not None and name in files_of(release.base):
        raise BusinessError(
            "policy.document_was_law", f"“{name}”是已发布过的文件，不能删除；要停止执行，请写明失效日（until）。"
        )
    return _write(release, {key: text for key, text in files.items() if key != name}, f"删除 {name}")


def restore(release: Release, *, number: int, by: Staff) -> Release:
    """Make a former version the present one, as a new version: going back can itself be undone."""
    check_may(by, Duty.POLICY)
    return _restore(release, number, by)


@transaction.atomic
def _restore(release: Release, number: int, by: Staff) -> Release:
    release = _editable(release, by)
    version = DraftVersion.objects.filter(release=release, number=number).first()
    if version is None:
        raise BusinessError("policy.version_unknown", f"没有第 {number} 版。")
    return _write(release, packs.unbundle(bytes(version.content))[1], f"回到第 {number} 版")


def _editable(release: Release, by: Staff) -> Release:
    release = Release.objects.select_for_update(of=("self",)).select_related("drafted_by", "base").get(pk=release.pk)
    check_is_drafter(release, by)
    if release.stage != ReleaseStage.DRAFT:
        raise BusinessError(
            "policy.not_a_draft", f"{release}现为“{release.get_stage_display()}”，内容不能改动；退回后才能再改。"
        )
    return release


def _check_text(text: str) -> None:
    if len(text) > LONGEST:
        raise BusinessError("policy.too_long", f"一份文件最多 {LONGEST:,} 个字符，现有 {len(text):,} 个。")
    if any(ord(sign) < ord(" ") and sign not in "\n\t" for sign in text):
        raise BusinessError("policy.control_characters", "文件中有不可见的控制字符，请删去后再保存。")


def _write(release: Release, files: dict[str, str], what: str) -> Release:
    return drafting.write(release, packs.bundle(release.city, files), what)

"""Stage a monthly roster and settle its rows in error; only the batch changes until somebody else confirms it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from bureau.kernel.bulk import collector_resting
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import mask_within
from bureau.kernel.periods import Month
from bureau.organization.selectors.areas import known_areas
from bureau.organization.selectors.scope import covers
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import actions, batches
from bureau.trail.terms import BatchKind, BatchStage
from relief.importing import roster
from relief.models import RosterEntry
from relief.rules.roster import RosterRow
from relief.services import rows
from relief.services.judging import Judgement, judge
from relief.terms import RosterIssue, RosterSource, SettledHow, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch

OPEN_STAGES = frozenset({BatchStage.HAS_ERRORS.value, BatchStage.READY.value})


@dataclass(frozen=True, slots=True)
class Staged:
    """The batch of a file, and whether the same bytes had come before (decision 11)."""

    batch: ImportBatch
    is_recognized: bool


@collector_resting()
@transaction.atomic
def stage(*, content: bytes, file_name: str, source: str, month: str, area_code: str, by: Staff) -> Staged:
    """Read, check and compare a file. A file that is no roster is kept as refused, with the reason as its message."""
    taken = take_in(content=content, file_name=file_name, source=source, month=month, area_code=area_code, by=by)
    if taken.is_recognized:
        return Staged(read(batch_id=taken.batch.pk), is_recognized=True)
    _read(taken.batch, content, by)
    return taken


@transaction.atomic
def take_in(*, content: bytes, file_name: str, source: str, month: str, area_code: str, by: Staff) -> Staged:
    """Keep a file that is yet to be read."""
    office = _source(source)
    of_month = Month.parse(month)
    require(by, area_code, Duty.RELIEF)
    if not known_areas([area_code]):
        raise BusinessError("relief.area_unknown", f"区划代码 {area_code} 不在区划表中，请核对。")
    opened = batches.open_batch(
        kind=BatchKind.ROSTER,
        source=office.value,
        area_code=area_code,
        month=str(of_month),
        file_name=file_name,
        content=content,
        by=by,
    )
    return Staged(opened.batch, opened.is_recognized)


@collector_resting()
@transaction.atomic
def read(*, batch_id: int) -> ImportBatch:
    """Read a file that was taken in, in the name of who brought it; one that was read already stays as it is."""
    batch = batches.locked(batch_id)
    if batch.stage == BatchStage.CHECKING and batch.opened_by is not None:
        _read(batch, bytes(batch.content), batch.opened_by)
    return batch


def _read(batch: ImportBatch, content: bytes, by: Staff) -> None:
    office = _source(batch.source)
    try:
        found = roster.read_file(content, source=office, month=Month.parse(batch.month)).rows
    except BusinessError as error:
        _refuse(batch, error, by)
        return
    judgement = judge(batch, found, set_aside=())
    rows.insert(batch, chain(rows.judged(judgement, {}), rows.gone(judgement)))
    note(batch, judgement, set_aside=())
    record(batch, "relief.roster.staged", f"导入{office.label} {batch.month} 名单 {len(found)} 行", by)


@transaction.atomic
def fix_row(
    *,
    batch_id: int,
    line: int,
    id_number: str | None = None,
    name: str | None = None,
    category: str | None = None,
    by: Staff,
) -> RosterEntry:
    """Correct what a row in error says; refused while the row stays in error."""
    batch, entry = _open_row(batch_id, line, by)
    if id_number is None and name is None and category is None:
        raise BusinessError("relief.nothing_to_fix", "请填写要改正的身份证号、姓名或类别。")
    corrected = roster.correct_row(
        rows.as_row(entry),
        source=_source(batch.source),
        month=Month.parse(batch.month),
        id_number=id_number,
        name=name,
        category=category,
    )
    corrected = replace(corrected, raw=_keeping_the_original(entry.raw, corrected.raw))

    judgement = _judge_again(batch, {line: corrected}, settled={line: (SettledHow.FIXED.value, "")})
    row = next(judged.row for judged in judgement.comparison.verdicts if judged.row.line == line)
    if row.error:
        raise BusinessError(f"relief.{row.error}", f"第 {line} 行改正后仍有问题：{row.message}")
    fields = "、".join(
        word for word, value in (("身份证号", id_number), ("姓名", name), ("类别", category)) if value is not None
    )
    record(batch, "relief.roster.row_fixed", f"改正名单第 {line} 行的{fields}", by, line=line)
    return RosterEntry.objects.get(batch=batch, line=line)


@transaction.atomic
def set_aside_row(*, batch_id: int, line: int, reason: str, by: Staff) -> RosterEntry:
    """Take a row in error out of the batch, with a reason; whom it means keeps what they have."""
    batch, entry = _open_row(batch_id, line, by)
    told = mask_within(reason.strip())[:200]
    if not told:
        raise BusinessError("relief.reason_missing", f"第 {line} 行移出本批须说明原因。")
    # Of two contradicting rows the second is right once the first has gone; a clerk may still want both out.
    row = rows.as_row(entry).failing(RosterIssue.CONFLICTING_DUPLICATE, "由经办人移出本批。")
    _judge_again(batch, {line: row}, settled={line: (SettledHow.SET_ASIDE.value, told)})
    record(batch, "relief.roster.row_set_aside", f"名单第 {line} 行移出本批：{told}", by, line=line)
    return RosterEntry.objects.get(batch=batch, line=line)


@transaction.atomic
def compare_again(*, batch_id: int, by: Staff) -> ImportBatch:
    """Hold the batch against the list as it stands now, for another look before it is confirmed."""
    batch = _open_batch(batch_id, by, Duty.RELIEF, Duty.RELIEF_CHECK)
    _judge_again(batch, {}, settled={})
    record(batch, "relief.roster.compared_again", "按最新在册名单重新比对", by)
    return batch


def require(by: Staff, area_code: str, *duties: Duty) -> None:
    """Refuse who has not the duty, or not in this area."""
    if not has_duty(by, *duties):
        wanted = "、".join(duty.label for duty in duties)
        raise BusinessError("relief.duty_missing", f"此项业务需由{wanted}办理，您没有这个岗位。")
    if not covers(by, area_code):
        raise BusinessError("relief.area_not_yours", f"区划 {area_code} 不在您的管辖范围，不能办理。")


def record(batch: ImportBatch, action: str, summary: str, by: Staff, **detail: object) -> None:
    """One line of the action log about a batch."""
    actions.record(
        action=action,
        subject_kind="roster",
        subject_key=str(batch.pk),
        summary=summary,
        detail=dict(detail),
        area_code=batch.area_code,
        by=by,
    )


def note(batch: ImportBatch, judgement: Judgement, *, set_aside: Sequence[int]) -> None:
    """Counts, stage and fingerprint of the judgement on the batch."""
    comparison = judgement.comparison
    unsettled = [
        judged.row
        for judged in comparison.verdicts
        if judged.verdict is Verdict.ERROR and judged.row.line not in set_aside
    ]
    blocking = sum(RosterIssue(row.error).blocks for row in unsettled)
    counts = {
        **comparison.counts,
        "errors": len(unsettled),
        "blocking": blocking,
        "set_aside": len(set_aside),
        "standing": comparison.standing_count,
        "shrinks": comparison.shrinks,
    }
    stage = BatchStage.HAS_ERRORS if blocking else BatchStage.READY
    batches.record_check(batch, stage=stage, counts=counts, comparison_sha256=judgement.digest)


@collector_resting()
def _judge_again(
    batch: ImportBatch, corrected: dict[int, RosterRow], *, settled: dict[int, tuple[str, str]]
) -> Judgement:
    """Judge with these rows corrected and settled, and store what became different."""
    stored = list(rows.stored(batch))
    how = {row.line: (row.settled_how, row.settled_reason) for row in stored if row.line and row.settled_how}
    how.update(settled)
    set_aside = [line for line, (kind, _) in how.items() if kind == SettledHow.SET_ASIDE]
    judgement = judge(
        batch, [corrected.get(row.line or 0) or rows.as_row(row) for row in stored], set_aside=frozenset(set_aside)
    )

    changed = {
        after.line: after
        for before, after in zip(stored, rows.judged(judgement, how), strict=True)
        if after.line in corrected or before[:-1] != after[:-1]
    }
    of_batch = RosterEntry.objects.filter(batch=batch)
    texts = dict(of_batch.filter(line__in=changed.keys() - corrected.keys()).values_list("line", "raw"))
    of_batch.filter(Q(line__isnull=True) | Q(line__in=changed.keys())).delete()
    kept = (row._replace(raw=texts.get(line, row.raw)) for line, row in changed.items())
    rows.insert(batch, chain(kept, rows.gone(judgement)))
    note(batch, judgement, set_aside=set_aside)
    return judgement


def _open_row(batch_id: int, line: int, by: Staff) -> tuple[ImportBatch, RosterEntry]:
    batch = _open_batch(batch_id, by, Duty.RELIEF)
    entry = RosterEntry.objects.filter(batch=batch, line=line).first()
    if entry is None:
        raise BusinessError("relief.line_unknown", f"本批没有第 {line} 行，请核对行号。")
    if entry.verdict != Verdict.ERROR and not entry.settled_how and not _is_repeated(entry):
        raise BusinessError("relief.row_not_in_error", f"第 {line} 行没有异常，不需要处理。")
    return batch, entry


def _is_repeated(entry: RosterEntry) -> bool:
    same = RosterEntry.objects.filter(batch=entry.batch_id, id_index=entry.id_index, line__isnull=False)
    return entry.id_index is not None and same.exclude(pk=entry.pk).exists()


def _open_batch(batch_id: int, by: Staff, *duties: Duty) -> ImportBatch:
    batch = batches.locked(batch_id)
    require(by, batch.area_code, *duties)
    if batch.kind != BatchKind.ROSTER or batch.stage not in OPEN_STAGES:
        raise BusinessError(
            "relief.batch_closed", f"批次 {batch_id} 的状态是“{BatchStage.label_of(batch.stage)}”，不能再改。"
        )
    return batch


def _refuse(batch: ImportBatch, error: BusinessError, by: Staff) -> None:
    nothing = dict.fromkeys(("rows", "new", "changed", "exited", "unchanged", "held", "errors", "warnings"), 0)
    batches.record_check(
        batch, stage=BatchStage.REFUSED, counts={**nothing, "refused": error.code}, message=error.message
    )
    record(batch, "relief.roster.refused", f"名单文件不予导入：{error.message}", by, code=error.code)


def _source(code: str) -> RosterSource:
    if code not in set(RosterSource):
        known = "、".join(f"{source.value}（{source.label}）" for source in RosterSource)
        raise BusinessError("relief.source_unknown", f"没有“{code}”这个来源，可用的有：{known}。")
    return RosterSource(code)


def _keeping_the_original(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """The texts as corrected, and beside each the text of the file."""
    kept = dict(after)
    for column in ("id_number", "name", "category"):
        original = before.get(f"{column}_in_file", before.get(column, ""))
        if after.get(column, "") != original:
            kept[f"{column}_in_file"] = original
    return kept

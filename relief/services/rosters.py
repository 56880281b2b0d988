"""Stage a monthly roster and settle its rows in error; only the batch changes until somebody else confirms it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from bureau.fields.encrypted import as_json, encrypt
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import mask_within
from bureau.kernel.periods import Month
from bureau.kernel.terms import ReliefCategory
from bureau.organization.selectors.areas import known_areas
from bureau.organization.selectors.scope import covers
from bureau.organization.selectors.staff import has_duty
from bureau.organization.terms import Duty
from bureau.trail.services import actions, batches
from bureau.trail.terms import BatchKind, BatchStage
from enrollment.selectors import people
from relief.importing import roster
from relief.models import ID_CONTEXT, PHONE_CONTEXT, RAW_CONTEXT, RosterEntry
from relief.rules.roster import RosterRow
from relief.services.judging import Judgement, judge
from relief.terms import RosterIssue, RosterSource, SettledHow, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch

OPEN_STAGES = frozenset({BatchStage.HAS_ERRORS.value, BatchStage.READY.value})

Record = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """The batch of a file, and whether the same bytes had come before (decision 11)."""

    batch: ImportBatch
    is_recognized: bool


@transaction.atomic
def stage(*, content: bytes, file_name: str, source: str, month: str, area_code: str, by: Staff) -> Staged:
    """Read, check and compare a file. A file that is no roster is kept as refused, with the reason as its message."""
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
    if opened.is_recognized:
        return Staged(opened.batch, is_recognized=True)

    try:
        rows = roster.read_file(content, source=office, month=of_month).rows
    except BusinessError as error:
        _refuse(opened.batch, error, by)
        return Staged(opened.batch, is_recognized=False)
    judgement = judge(opened.batch, rows, set_aside=())
    _insert(opened.batch, records(judgement, {}))
    note(opened.batch, judgement, set_aside=())
    record(opened.batch, "relief.roster.staged", f"导入{office.label} {of_month} 名单 {len(rows)} 行", by)
    return Staged(opened.batch, is_recognized=False)


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
        as_row(entry),
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
    row = as_row(entry).failing(RosterIssue.CONFLICTING_DUPLICATE, "由经办人移出本批。")
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


def as_row(entry: RosterEntry) -> RosterRow:
    """The row as it was read, from what is stored of it."""
    return RosterRow(
        line=entry.line or 0,
        id_number=entry.id_number,
        name=entry.name,
        categories=tuple(ReliefCategory(code) for code in entry.categories),
        town=entry.town,
        village=entry.village,
        phone=entry.phone,
        granted_on=entry.granted_on,
        raw=entry.raw,
        error=entry.code,
        message=entry.message,
        warnings=tuple((code, message) for code, message in entry.warnings),
    )


def rows_of(batch: ImportBatch) -> list[RosterEntry]:
    """The rows of the file as stored, in its order; exits are not among them."""
    return list(RosterEntry.objects.filter(batch=batch, line__isnull=False).order_by("line"))


def records(judgement: Judgement, settled: dict[int, tuple[str, str]]) -> list[Record]:
    """What to store of a judgement: every row, then exits and the held."""
    people = judgement.person_ids
    found: list[Record] = [
        (
            judged.row.line,
            judged.row.id_number,
            judged.row.name,
            [str(category) for category in judged.row.categories],
            str(judged.row.category) if judged.row.categories else "",
            str(judged.standing.category) if judged.standing else "",
            judged.row.town,
            judged.row.village,
            judged.row.phone,
            judged.row.granted_on,
            dict(judged.row.raw),
            judged.verdict.value,
            judged.row.error,
            mask_within(judged.row.message)[:300],
            [list(warning) for warning in judged.row.warnings],
            people.get(judged.row.id_number),
            *settled.get(judged.row.line, ("", "")),
        )
        for judged in judgement.comparison.verdicts
    ]
    gone = [(person, Verdict.EXITED.value, "") for person in judgement.comparison.exits]
    gone += [
        (held.standing, Verdict.HELD.value, f"第 {held.line} 行身份证号无法识别，但显然是本人，暂不退出。")
        for held in judgement.comparison.held
    ]
    found += [
        (
            None,
            "",
            person.name,
            [str(category) for category in person.categories],
            "",
            str(person.category),
            person.town,
            "",
            person.phone,
            None,
            {},
            verdict,
            "",
            message,
            [],
            people[person.id_number],
            "",
            "",
        )
        for person, verdict, message in gone
    ]
    return found


def is_as_judged(batch: ImportBatch, judgement: Judgement) -> bool:
    """Whether what is stored to be applied is this judgement: the same rows and exits, meaning the same people.

    Who had no file when the list was compared may have got one since.
    """
    judged = records(judgement, {})
    stored = list(RosterEntry.objects.filter(batch=batch).values_list("line", "verdict", "person_id"))
    meant = {(one[_LINE], one[_PERSON]) for one in judged}
    return Counter((one[_LINE], one[_VERDICT]) for one in judged) == Counter(
        (line, verdict) for line, verdict, _ in stored
    ) and all((line, person) in meant for line, _, person in stored if person is not None)


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


def _judge_again(
    batch: ImportBatch, corrected: dict[int, RosterRow], *, settled: dict[int, tuple[str, str]]
) -> Judgement:
    """Judge with these rows corrected and settled, and store what became different."""
    stored = rows_of(batch)
    how = {
        entry.line: (entry.settled_how, entry.settled_reason) for entry in stored if entry.line and entry.settled_how
    }
    how.update(settled)
    set_aside = [line for line, (kind, _) in how.items() if kind == SettledHow.SET_ASIDE]
    rows = [corrected.get(entry.line or 0) or as_row(entry) for entry in stored]

    judgement = judge(batch, rows, set_aside=set_aside)
    before = {entry.line: _stored(entry) for entry in stored}
    changed = [one for one in records(judgement, how) if one[0] is None or before[one[0]] != one]
    RosterEntry.objects.filter(batch=batch, line__isnull=True).delete()
    RosterEntry.objects.filter(batch=batch, line__in=[one[0] for one in changed if one[0] is not None]).delete()
    _insert(batch, changed)
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


_COLUMNS = (
    "line, id_number, name, categories, category, previous_category, town, village, phone, granted_on, raw, verdict,"
    " code, message, warnings, person_id, settled_how, settled_reason"
)
_LINE, _ID, _PHONE, _RAW, _VERDICT, _PERSON = (
    _COLUMNS.split(", ").index(name) for name in ("line", "id_number", "phone", "raw", "verdict", "person_id")
)

_ARRIVING = """
    CREATE TEMPORARY TABLE arriving_entry (
        line int, id_number bytea, name text, categories jsonb, category text, previous_category text, town text,
        village text, phone bytea, granted_on date, raw bytea, verdict text, code text, message text, warnings jsonb,
        person_id bigint, settled_how text, settled_reason text, id_index bytea
    ) ON COMMIT DROP
"""


def _stored(entry: RosterEntry) -> Record:
    return tuple(getattr(entry, column.strip()) for column in _COLUMNS.split(","))


def _insert(batch: ImportBatch, found: Iterable[Record]) -> None:
    # COPY goes into a temporary table, since the walls around counties will refuse it into the table itself.
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVING)
        with cursor.copy(f"COPY arriving_entry ({_COLUMNS}, id_index) FROM STDIN") as copy:
            for one in found:
                copy.write_row(_encrypted(one))
        cursor.execute(
            f"INSERT INTO relief_rosterentry (batch_id, area_id, {_COLUMNS}, id_index)"  # noqa: S608 - names of this module
            f" SELECT %s, %s, {_COLUMNS}, id_index FROM arriving_entry ORDER BY line NULLS LAST, name",
            [batch.pk, batch.area_code],
        )
        cursor.execute("DROP TABLE arriving_entry")


def _encrypted(record: Record) -> list[Any]:
    """A record as the table stores it: nothing that tells who it is in plain text."""
    values = [json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value for value in record]
    values[_ID], values[_PHONE] = encrypt(record[_ID], ID_CONTEXT), encrypt(record[_PHONE], PHONE_CONTEXT)
    values[_RAW] = encrypt(as_json(record[_RAW]), RAW_CONTEXT)
    return [*values, people.id_index(record[_ID]) if record[_ID] else None]

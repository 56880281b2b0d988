"""The relief rosters: April and May of civil affairs are confirmed by a second person, two lists stay waiting."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING

from bureau.demo import rosters
from bureau.demo.areas import YOUXIAN
from bureau.demo.city import City
from bureau.demo.stages.colleagues import colleague
from bureau.kernel.periods import Month
from bureau.trail import selectors as trail
from bureau.trail.terms import BatchKind, BatchStage
from relief.selectors import rosters as batches
from relief.selectors import statuses
from relief.services import confirmation
from relief.services import rosters as staging
from relief.terms import RosterIssue, RosterSource, SettledHow, Verdict

if TYPE_CHECKING:
    from bureau.trail.models import ImportBatch
    from relief.models import RosterEntry
    from relief.rules.roster import Standing

_OPEN = (BatchStage.HAS_ERRORS, BatchStage.READY)
_ID_ISSUES = (
    RosterIssue.ID_MISSING,
    RosterIssue.ID_LENGTH,
    RosterIssue.ID_CHECKSUM,
    RosterIssue.ID_NUMERIC_CELL,
)
_REASONS = {
    RosterIssue.CATEGORY_UNKNOWN: "类别不在目录内，已请民政核实，下月名单更正",
    RosterIssue.CATEGORY_MISSING: "未填类别，已请民政核实，下月名单更正",
    RosterIssue.DATE_INVALID: "认定日期不存在，退回民政更正，本月维持在册身份",
    RosterIssue.DUPLICATE_IN_FILE: "与前面一行重复，以前一行为准",
    RosterIssue.CONFLICTING_DUPLICATE: "同一人两行类别矛盾，无变更文书，维持在册类别",
}
_OTHERWISE = "无法确认是何人，退回来源部门更正"


def april(city: City) -> str:
    """The first list, whole and clean."""
    return _apply(rosters.APRIL.name, rosters.APRIL.read_bytes(), "2023-04")


def may(city: City) -> str:
    """The second, with its rows in error corrected or set aside."""
    return _apply(rosters.MAY.name, rosters.MAY.read_bytes(), "2023-05")


def waiting(city: City) -> str:
    """The disabled persons' list waits for the second person, June's for somebody who settles its rows."""
    ready = _staged(RosterSource.DISABLED_FEDERATION, rosters.DISABLED.name, rosters.DISABLED.read_bytes(), "2023-05")
    june = _staged(RosterSource.CIVIL_AFFAIRS, rosters.JUNE_NAME, rosters.june_list(city.seed), "2023-06")
    return "，".join(f"{batch.file_name} {BatchStage.label_of(batch.stage)}" for batch in (ready, june))


def _apply(file_name: str, content: bytes, month: str) -> str:
    batch = _staged(RosterSource.CIVIL_AFFAIRS, file_name, content, month)
    if batch.stage in _OPEN:
        _settle_rows(batch)
        confirmation.confirm(batch_id=batch.pk, by=colleague("relief-check-youxian"))
    return f"{month} 民政名单 {batch.counts['rows']} 行"


def _staged(source: RosterSource, file_name: str, content: bytes, month: str) -> ImportBatch:
    """The batch of these bytes; one that somebody took back or refused is not handed in again."""
    known = trail.batches(BatchKind.ROSTER.value).filter(
        source=source.value, area_code=YOUXIAN, month=month, sha256=hashlib.sha256(content).hexdigest()
    )
    batch = known.first()
    if batch is not None:
        return batch
    return staging.stage(
        content=content,
        file_name=file_name,
        source=source.value,
        month=month,
        area_code=YOUXIAN,
        by=colleague("relief-youxian"),
    ).batch


def _settle_rows(batch: ImportBatch) -> None:
    """Correct a row where the standing list plainly says who is meant, set it aside otherwise."""
    day: date = Month.parse(batch.month).end
    standing = list(statuses.standing_list(batch.source, YOUXIAN, day).values())
    by_contact = {(one.name, one.phone): one for one in standing}
    by_id = {one.id_number: one for one in standing}

    # Of two rows that contradict each other, the one that agrees with the standing list comes last and then is sound.
    def agrees(entry: RosterEntry) -> bool:
        known = by_id.get(entry.id_number)
        return known is not None and entry.category == known.category

    in_error = batches.entries(batch.pk).filter(verdict=Verdict.ERROR.value).exclude(settled_how=SettledHow.SET_ASIDE)
    for line in [entry.line for entry in sorted(in_error, key=lambda entry: (agrees(entry), -(entry.line or 0)))]:
        entry = in_error.filter(line=line).first()
        if entry is not None:
            _settle_row(batch, entry, by_contact.get((entry.name, entry.phone)), by_id.get(entry.id_number))


def _settle_row(batch: ImportBatch, entry: RosterEntry, meant: Standing | None, owner: Standing | None) -> None:
    by = colleague("relief-youxian")
    line = entry.line or 0
    if entry.code in _ID_ISSUES and meant is not None:
        staging.fix_row(batch_id=batch.pk, line=line, id_number=meant.id_number, by=by)
    elif entry.code == RosterIssue.NAME_MISSING and owner is not None:
        staging.fix_row(batch_id=batch.pk, line=line, name=owner.name, by=by)
    else:
        reason = _REASONS.get(RosterIssue(entry.code), _OTHERWISE)
        staging.set_aside_row(batch_id=batch.pk, line=line, reason=reason, by=by)

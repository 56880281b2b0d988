"""What the page of one batch says: its stages, tiles, rows and the sentences beside the two persons."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import BASIS_POINTS, format_ratio
from bureau.kernel.periods import Month
from bureau.kernel.terms import ReliefCategory
from bureau.organization.selectors import areas
from bureau.trail.terms import BatchStage
from relief.documents.judged_rows import shown_id
from relief.selectors import effect
from relief.selectors import rosters as roster_selectors
from relief.services import arrivals
from relief.terms import RosterIssue, RosterSource, SettledHow, Verdict

if TYPE_CHECKING:
    from django.core.paginator import Page
    from django.db.models import QuerySet

    from bureau.organization.models import Staff
    from bureau.trail.models import ImportBatch
    from relief.models import RosterEntry

# Tile, word, the count it shows, its tone.
_TILES = (
    (Verdict.NEW.value, "新增", "new", ""),
    (Verdict.CHANGED.value, "变更", "changed", ""),
    (Verdict.EXITED.value, "退出", "exited", "look"),
    (Verdict.ERROR.value, "异常", "errors", "bad"),
    (Verdict.HELD.value, "暂缓退出", "held", "look"),
    (SettledHow.SET_ASIDE.value, "移出本批", "set_aside", ""),
    (Verdict.UNCHANGED.value, "不变", "unchanged", ""),
    ("warned", "提示", "warnings", ""),
)
_ID_ISSUES = frozenset(
    {
        RosterIssue.ID_MISSING,
        RosterIssue.ID_NUMERIC_CELL,
        RosterIssue.ID_LENGTH,
        RosterIssue.ID_CHECKSUM,
        RosterIssue.ID_BIRTHDATE,
        RosterIssue.ID_REGION,
    }
)
_FIXED_BY = {
    **dict.fromkeys(_ID_ISSUES, ("id_number", "身份证号")),
    RosterIssue.CATEGORY_MISSING: ("category", "救助类别"),
    RosterIssue.CATEGORY_UNKNOWN: ("category", "救助类别"),
    RosterIssue.CONFLICTING_DUPLICATE: ("category", "救助类别"),
    RosterIssue.NAME_MISSING: ("name", "姓名"),
    RosterIssue.NAME_TOO_LONG: ("name", "姓名"),
    RosterIssue.NAME_MISMATCH: ("name", "姓名"),
}


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """A correction that was refused: shown at its row with what was typed."""

    line: int
    message: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the table: what changes, what is wrong, and which column mends it."""

    entry: RosterEntry
    verdict: str
    id_number: str
    before: str
    after: str
    problem: str
    column: str
    column_label: str
    settled: str
    hints: tuple[str, ...] = ()
    refusal: str = ""
    typed: dict[str, str] = field(default_factory=dict)


def with_sources(page: Page[ImportBatch]) -> Page[Any]:
    """Batches with their source in words."""
    for batch in page.object_list:
        batch.source_label = RosterSource.label_of(batch.source)  # type: ignore[attr-defined]
    return page


def described(page: Page[Any], refusal: RowRefusal | None) -> Page[Any]:
    """The page with its rows ready to be drawn."""
    page.object_list = [_shown(entry, refusal) for entry in page.object_list]
    return page


def _shown(entry: RosterEntry, refusal: RowRefusal | None) -> ShownRow:
    refused = refusal if refusal is not None and refusal.line == entry.line else None
    issue = RosterIssue(entry.code) if entry.code in set(RosterIssue) else None
    column, label = _FIXED_BY.get(issue, ("", "")) if issue else ("", "")
    after = "、".join(ReliefCategory.label_of(code) for code in entry.categories)
    gone = entry.verdict in (Verdict.EXITED, Verdict.HELD)
    return ShownRow(
        entry=entry,
        verdict=Verdict.label_of(entry.verdict),
        id_number=shown_id(entry),
        before=ReliefCategory.label_of(entry.previous_category) if entry.previous_category else "",
        after="" if gone else after or entry.raw.get("category", ""),
        problem=issue.label if issue else "",
        column=column,
        column_label=label,
        settled=SettledHow.label_of(entry.settled_how) if entry.settled_how else "",
        hints=tuple(message for _, message in entry.warnings),
        refusal=refused.message if refused else "",
        typed=refused.values if refused else {},
    )


def tiles(batch: ImportBatch, shown: str) -> list[dict[str, Any]]:
    """The counts, each opening its rows; what does not occur is left out, but for the three that people look for."""
    counts = batch.counts
    found = [{"code": "all", "label": "全部", "count": counts.get("rows", 0), "tone": "", "is_shown": shown == "all"}]
    for code, label, count, tone in _TILES:
        number = counts.get(count, 0)
        if number or code in (Verdict.NEW, Verdict.CHANGED, Verdict.EXITED, Verdict.ERROR):
            found.append(
                {
                    "code": code,
                    "label": label,
                    "count": number,
                    "tone": tone if number else "",
                    "is_shown": shown == code,
                }
            )
    return found


def first_tile(batch: ImportBatch) -> str:
    """What needs an eye first: errors, then exits, changes, arrivals."""
    for code, _, count, _ in sorted(_TILES, key=lambda tile: tile[3] != "bad"):
        if batch.counts.get(count):
            return code
    return "all"


def rows_shown(batch: ImportBatch, tile: str) -> QuerySet[RosterEntry]:
    """The rows behind a tile."""
    return roster_selectors.shown_as(batch.pk, tile)


def has_wrong_rows(batch: ImportBatch) -> bool:
    """Whether there is anything for the list of errors."""
    return bool(batch.counts.get("errors") or batch.counts.get("set_aside"))


def steps(batch: ImportBatch) -> list[dict[str, str]]:
    """Where the batch is in its life."""
    stage = batch.stage
    refused, wrong = stage == BatchStage.REFUSED, stage in (BatchStage.CHECKING, BatchStage.HAS_ERRORS)
    applied = stage in (BatchStage.APPLIED, BatchStage.PARTLY_REVOKED, BatchStage.REVOKED)
    counts = batch.counts
    return [
        {"name": "上传", "state": "bad" if refused else "done", "note": f"{counts['rows']:,} 行" if counts else ""},
        {
            "name": "核对差异",
            "state": "" if refused else "now" if wrong else "done",
            "note": f"异常剩 {counts.get('errors', 0)} 行" if counts.get("errors") else "",
        },
        {
            "name": "另一人复核",
            "state": "done" if applied else "now" if stage == BatchStage.READY else "",
            "note": str(batch.confirmed_by or ""),
        },
        {
            "name": "生效",
            "state": "done" if stage == BatchStage.APPLIED else "bad" if applied else "",
            "note": BatchStage.label_of(stage) if applied else "",
        },
    ]


def reading(batch: ImportBatch) -> dict[str, Any]:
    """How far the worker is with the file."""
    is_waiting = batch.stage == BatchStage.CHECKING
    problem = roster_selectors.reading_problem(batch, arrivals.JOB) if is_waiting else ""
    return {"batch": batch, "steps": steps(batch), "is_live": is_waiting and not problem, "problem": problem}


def checker_sentence(batch: ImportBatch, by: Staff, *, may_check: bool) -> str:
    """Why this person cannot confirm now; empty when they can."""
    if batch.stage == BatchStage.HAS_ERRORS:
        return f"还有 {batch.counts['blocking']} 行不知是谁或是何身份，处理完才能复核。"
    if batch.stage != BatchStage.READY:
        return "" if batch.confirmed_by_id else "本批不需要复核。"
    if batch.opened_by_id == by.pk:
        return "您是本批经办人，复核需由他人办理。"
    return "" if may_check else "待救助复核岗办理，您没有这个岗位。"


def counts_sentence(batch: ImportBatch) -> str:
    """The object and the counts, as the confirm page repeats them."""
    counts = batch.counts
    return f"新增 {counts['new']} 人、变更 {counts['changed']} 人、退出 {counts['exited']} 人"


def remaining_sentence(batch: ImportBatch) -> str:
    """What the batch leaves out."""
    counts = batch.counts
    told = []
    if counts["errors"]:
        told.append(f"另有 {counts['errors']} 行异常不在生效之列")
    if counts.get("set_aside"):
        told.append(f"{counts['set_aside']} 行已移出本批")
    if counts["held"]:
        told.append(f"{counts['held']} 人暂缓退出")
    return "，".join(told) + "；这些行所指的人保持原有身份。" if told else ""


def effect_sentence(batch: ImportBatch) -> str:
    """From when what is new counts, and until when what ends."""
    begins, ends = _boundaries(batch)
    last = ends - timedelta(days=1)
    arrives = f"新增与变更自 {_prose(begins)}起生效" if begins else "新增与变更的生效日期待政策发布后确定"
    return f"{arrives}；退出人员的身份至 {_prose(last)}止，当年参保继续有效，次年不再资助参保。"


def confirm_facts(batch: ImportBatch) -> list[tuple[str, str]]:
    """What the second person signs for."""
    begins, ends = _boundaries(batch)
    counts = batch.counts
    return [
        ("名单", f"{RosterSource.label_of(batch.source)} {batch.month}，批次 {batch.pk}"),
        ("新增", f"{counts['new']} 人"),
        ("变更", f"{counts['changed']} 人"),
        ("退出", f"{counts['exited']} 人，占在册 {counts['standing']} 人的 {_share(batch)}"),
        ("不变", f"{counts['unchanged']} 人"),
        ("生效日期", begins.isoformat() if begins else ""),
        ("退出日期", f"{ends.isoformat()}（当日起不再享受）"),
        ("经办人", str(batch.opened_by)),
        ("文件指纹", batch.sha256[:16]),
        ("差异指纹", batch.comparison_sha256[:16]),
    ]


def file_facts(batch: ImportBatch) -> list[tuple[str, str]]:
    """Where the list came from."""
    return [
        ("来源", RosterSource.label_of(batch.source)),
        ("月份", batch.month),
        ("区划", f"{areas.name_of(batch.area_code)}（{batch.area_code}）"),
        ("文件", batch.file_name),
        ("文件指纹", batch.sha256[:16]),
        ("比对的在册人数", f"{batch.counts['standing']:,} 人" if "standing" in batch.counts else "尚未比对"),
    ]


def shrink(batch: ImportBatch) -> dict[str, Any]:
    """What the page that stops says."""
    counts = batch.counts
    return {
        "batch": batch,
        "what": f"本次退出 {counts['exited']} 人，占在册 {counts['standing']} 人的 {_share(batch)}，超过提醒线 5%。",
    }


def _share(batch: ImportBatch) -> str:
    standing = batch.counts["standing"]
    return format_ratio(batch.counts["exited"] * BASIS_POINTS // standing) if standing else "0%"


def _boundaries(batch: ImportBatch) -> tuple[date | None, date]:
    """The day on which new statuses begin (None while no law is published) and on which exits end."""
    month = Month.parse(batch.month)
    if "begins_on" in batch.counts:
        return date.fromisoformat(batch.counts["begins_on"]), date.fromisoformat(batch.counts["ends_on"])
    try:
        next_month = effect.begins_next_month(month)
    except BusinessError:
        return None, month.end
    return (month.end if next_month else month.first_day), month.end


def _prose(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"

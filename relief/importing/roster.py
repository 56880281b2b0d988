"""A roster file of an office into clean rows, each with its error or warnings (interfaces §3)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from bureau.kernel import identity, sheets
from bureau.kernel.errors import BusinessError
from bureau.kernel.identity import Certificate, Repair, Repaired
from bureau.kernel.periods import Month
from bureau.kernel.sheets import Column, Row, Sheet, Table
from bureau.kernel.terms import ReliefCategory
from relief.rules.roster import RosterRow, mark_duplicates
from relief.terms import RosterIssue, RosterSource

MAX_NAME = 60
MAX_PLACE = 40

COLUMNS = (
    Column(
        "id_number",
        (
            "身份证号",
            "身份证号码",
            "公民身份号码",
            "公民身份证号",
            "公民身份证号码",
            "居民身份证号",
            "居民身份证号码",
            "证件号码",
            "证件号",
            "身份证件号码",
            "身份证",
            "残疾人证号",
            "残疾证号",
        ),
        required=True,
    ),
    Column("name", ("姓名", "对象姓名", "救助对象姓名", "人员姓名", "残疾人姓名"), required=True),
    Column(
        "category",
        (
            "救助类别",
            "医疗救助身份",
            "救助身份",
            "保障类别",
            "对象类别",
            "救助对象类别",
            "人员类别",
            "身份类别",
            "困难类别",
            "类别",
        ),
        required=True,
    ),
    Column("town", ("乡镇街道", "乡镇(街道)", "乡镇/街道", "镇(街)", "镇(街道)", "镇街", "乡镇", "街道", "所属乡镇")),
    Column("village", ("村社区", "村(社区)", "村/社区", "村(居)", "村居", "社区(村)", "村", "社区")),
    Column("granted_on", ("认定日期", "认定时间", "纳入时间", "纳入日期", "纳入资助时间", "享受起始日期", "批准日期")),
    Column("phone", ("联系电话", "电话", "手机号", "手机号码", "联系方式", "电话号码")),
)

_CATEGORY_WORDS = {
    ReliefCategory.DESTITUTE: "特困供养人员 特困人员 特困 特困供养 特困救助供养人员 特困对象",
    ReliefCategory.SUBSISTENCE: (
        "低保 低保对象 低保户 最低生活保障家庭成员 最低生活保障对象 最低生活保障 城市低保 农村低保 城镇低保 城乡低保"
    ),
    ReliefCategory.MARGINAL: (
        "低边 低边对象 低边户 低保边缘 低保边缘对象 低保边缘户 低保边缘家庭 低保边缘家庭成员 "
        "最低生活保障边缘 最低生活保障边缘家庭 最低生活保障边缘家庭成员"
    ),
    ReliefCategory.ILLNESS_POOR: "因病致贫 因病致贫对象 因病致贫重病患者 支出型困难 支出型困难家庭 支出型贫困",
    ReliefCategory.OTHER: "其他 其他困难 低收入农户 残疾 残疾人",
}
# Codes are words too, so that a correction can be given either way.
_CATEGORIES = {
    word: category for category, words in _CATEGORY_WORDS.items() for word in (*words.split(), category.value)
}

_BETWEEN_CATEGORIES = re.compile(r"[、,，;；/／|\n\r+＋]+")
_SPACES = re.compile("[\\s\u200b-\u200f\u2060\ufeff]+")
_REMARK = re.compile(r"\([^()]*\)$")
_NOT_DATA = ("合计", "总计", "填报", "制表")
_DATE = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/.年](?P<month>[0-9]{1,2})(?:[-/.月](?P<day>[0-9]{1,2})日?|月)?|(?P<digits>[0-9]{4}|[0-9]{2}))"
)
_TIME_OF_DAY = re.compile(r"[ T][0-9:.]+$")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:0[0-9]{2,3})?[2-9][0-9]{6,7}")
_BETWEEN_PHONES = re.compile(r"[、,，;；/\s]+")
_MEMBER_COLUMN = re.compile(r"成员[0-9一二三四五六七八九十]+(?:姓名|身份证|公民身份|证件)")

_REPEATED = frozenset({"category", "town", "village", "granted_on"})

_ID_ISSUES = {
    "identity.missing": RosterIssue.ID_MISSING,
    "identity.length": RosterIssue.ID_LENGTH,
    "identity.characters": RosterIssue.ID_CHECKSUM,
    "identity.checksum": RosterIssue.ID_CHECKSUM,
    "identity.birthdate": RosterIssue.ID_BIRTHDATE,
    "identity.region": RosterIssue.ID_REGION,
}


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The rows of a file and where they were found; `skipped` are sheets with content that were not read."""

    rows: tuple[RosterRow, ...]
    sheet: str
    header_line: int
    columns: dict[str, str]
    unread: tuple[str, ...]
    skipped: tuple[str, ...]


def read_file(content: bytes, *, source: RosterSource, month: Month) -> RosterFile:
    """All rows of a full monthly list, duplicates marked; a file that is no list raises `sheets.*` or `relief.*`."""
    tables = sheets.open_tables(content)
    _refuse_households(tables)
    sheet = sheets.find_sheet(tables, _columns(source))
    rows = [read_row(line, raw, source=source, month=month) for line, raw in _raw_rows(sheet)]
    if not rows:
        raise BusinessError("sheets.empty", "表格里没有一行数据；空名单不会使任何人退出，请检查后重新上传。")
    return RosterFile(
        rows=tuple(mark_duplicates(rows)),
        sheet=sheet.name,
        header_line=sheet.header_line,
        columns=sheet.columns,
        unread=sheet.unread,
        skipped=sheet.skipped,
    )


def read_row(line: int, raw: dict[str, str], *, source: RosterSource, month: Month) -> RosterRow:
    """One row from its texts. Of several errors the gravest is told: whom it means, as what, named how, since when."""
    findings = _Findings()
    id_number, certificate = _read_id(raw, month, findings)
    categories = _read_categories(raw.get("category", ""), source, findings)
    name = _read_name(raw.get("name", ""), findings)
    phone = _read_phone(raw.get("phone", ""), findings)
    granted_on = _read_granted_on(raw.get("granted_on", ""), id_number, month, findings)
    return RosterRow(
        line=line,
        id_number=id_number,
        name=name,
        categories=categories,
        town=_place(raw.get("town", "")),
        village=_place(raw.get("village", "")),
        phone=phone,
        granted_on=granted_on,
        disability_kind=certificate.kind.value if certificate else "",
        disability_level=certificate.level if certificate else None,
        raw=raw,
        error=findings.error,
        message=findings.message,
        warnings=tuple(findings.warnings),
    )


@dataclass(slots=True)
class _Findings:
    """What is wrong with a row: the first error, and every warning."""

    error: str = ""
    message: str = ""
    warnings: list[tuple[str, str]] = field(default_factory=list)

    def fail(self, issue: RosterIssue, message: str) -> None:
        if not self.error:
            self.error, self.message = issue.value, message

    def warn(self, issue: RosterIssue, message: str) -> None:
        self.warnings.append((issue.value, message))


def correct_row(
    row: RosterRow,
    *,
    source: RosterSource,
    month: Month,
    id_number: str | None = None,
    name: str | None = None,
    category: str | None = None,
) -> RosterRow:
    """The row read again with what a clerk corrected; ask `mark_duplicates` of all rows afterwards."""
    raw = dict(row.raw)
    if id_number is not None:
        raw["id_number"] = id_number
        raw.pop("id_number_cell", None)
    if name is not None:
        raw["name"] = name
    if category is not None:
        raw["category"] = category
    return read_row(row.line, raw, source=source, month=month)


@lru_cache(maxsize=1_024)
def read_categories(text: str) -> tuple[ReliefCategory, ...]:
    """All identities of a cell, highest first; raises `relief.category_missing` or `relief.category_unknown`."""
    words = [word for word in _BETWEEN_CATEGORIES.split(text) if _SPACES.sub("", word)]
    if not words:
        raise BusinessError("relief.category_missing", "没有救助类别，请补填。")
    found: set[ReliefCategory] = set()
    for word in words:
        # "特 困 人 员" is one identity with spaces in it, "低保 残疾" are two.
        parts = [word] if _category(word) else [part for part in _SPACES.split(word) if part]
        for part in parts:
            category = _category(part)
            if category is None:
                raise BusinessError(
                    "relief.category_unknown", f"不认识救助类别“{part.strip()[:30]}”，请改成低保、特困人员一类的写法。"
                )
            found.add(category)
    return tuple(sorted(found, key=lambda category: category.rank))


@lru_cache(maxsize=8_192)
def read_date(text: str) -> date:
    """A day in the ways offices write it; a month alone means its first day; `ValueError` for anything else."""
    cleaned = _TIME_OF_DAY.sub("", unicodedata.normalize("NFKC", text).strip())
    match = _DATE.fullmatch(_SPACES.sub("", cleaned))
    if match is None:
        raise ValueError(text)
    digits = match["digits"] or ""
    month = digits[:2] or match["month"]
    return date(int(match["year"]), int(month), int(digits[2:] or match["day"] or 1))


def _columns(source: RosterSource) -> Sequence[Column]:
    if source is not RosterSource.DISABLED_FEDERATION:
        return COLUMNS
    # Whoever stands on the federation's list is disabled: it needs no column to say so.
    return [replace(column, required=False) if column.name == "category" else column for column in COLUMNS]


def _refuse_households(tables: Sequence[Table]) -> None:
    for table in tables:
        for _, cells in table.head:
            if any(_MEMBER_COLUMN.match(sheets.normalize_header(cell.text)) for cell in cells):
                raise BusinessError(
                    "relief.household_rows", "这是一户一行的名单，暂不能直接导入，请改成一人一行后上传。"
                )


def _raw_rows(sheet: Sheet) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and texts of each row; what says the same in many rows is one text in memory."""
    shared: dict[str, str] = {}
    for row in sheet.rows:
        if _is_data(row):
            raw = {
                name: shared.setdefault(cell.text, cell.text) if name in _REPEATED else cell.text
                for name, cell in row.cells.items()
            }
            if row.cells["id_number"].is_number:
                raw["id_number_cell"] = "number"
            yield row.line, raw


def _is_data(row: Row) -> bool:
    """Not data: totals and signatures below the list, and lines in which only a serial number was filled in advance."""
    if not row.cells["id_number"].is_blank:
        return True
    if all(cell.is_blank for cell in row.cells.values()):
        return False
    return not _SPACES.sub("", row.first).startswith(_NOT_DATA)


def _read_id(raw: Mapping[str, str], month: Month, findings: _Findings) -> tuple[str, Certificate | None]:
    if raw.get("id_number_cell") == "number":
        findings.fail(
            RosterIssue.ID_NUMERIC_CELL, "身份证号存成了数字，末几位可能已丢失；请将该列设为文本并按证件重填。"
        )
        return "", None
    today = month.last_day
    try:
        repaired = identity.repair_id(raw.get("id_number", ""))
        certificate = identity.read_certificate(repaired.value, today=today)
        if certificate is None:
            repaired = identity.read_id(raw.get("id_number", ""), today=today)
    except BusinessError as error:
        findings.fail(_ID_ISSUES[error.code], error.message)
        return "", None
    if repaired.repairs:
        _warn_of_id_repairs(repaired, findings)
    return (certificate.id_number if certificate else repaired.value), certificate


def _warn_of_id_repairs(repaired: Repaired, findings: _Findings) -> None:
    mended = [repair for repair in repaired.repairs if repair is not Repair.FROM_15]
    if mended:
        findings.warn(RosterIssue.ID_REPAIRED, f"身份证号已修补：{_labels(mended)}。")
    if Repair.FROM_15 in repaired.repairs:
        findings.warn(RosterIssue.ID_15_CONVERTED, "15 位旧身份证号已换算为 18 位，请核对。")


def _read_categories(text: str, source: RosterSource, findings: _Findings) -> tuple[ReliefCategory, ...]:
    if source is RosterSource.DISABLED_FEDERATION and not _SPACES.sub("", text):
        return (ReliefCategory.OTHER,)
    try:
        return read_categories(text)
    except BusinessError as error:
        findings.fail(RosterIssue(error.code.removeprefix("relief.")), error.message)
        return ()


def _read_name(text: str, findings: _Findings) -> str:
    repaired = identity.repair_name(text)
    if not repaired.value:
        findings.fail(RosterIssue.NAME_MISSING, "没有姓名，请补填。")
        return ""
    if len(repaired.value) > MAX_NAME:
        findings.fail(RosterIssue.NAME_TOO_LONG, f"姓名超过 {MAX_NAME} 个字，请核对。")
        return ""
    if repaired.repairs:
        findings.warn(RosterIssue.NAME_REPAIRED, f"姓名已修补：{_labels(repaired.repairs)}。")
    return identity.mask_within(repaired.value)


def _read_phone(text: str, findings: _Findings) -> str:
    """The first of the numbers in the cell that can be one; none is a warning, for no decision hangs on it."""
    cleaned = _SPACES.sub(" ", unicodedata.normalize("NFKC", text)).strip() if text else ""
    if not cleaned:
        return ""
    for part in (cleaned.replace(" ", ""), *_BETWEEN_PHONES.split(cleaned)):
        number = re.sub(r"[-()]", "", part).removeprefix("+86")
        if _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
            return number
    findings.warn(RosterIssue.PHONE_INVALID, "联系电话不像电话号码，没有保存。")
    return ""


def _read_granted_on(text: str, id_number: str, month: Month, findings: _Findings) -> date | None:
    if not text or not _SPACES.sub("", text):
        return None
    try:
        granted_on = read_date(text)
    except ValueError:
        findings.fail(
            RosterIssue.DATE_INVALID,
            f"认定日期“{identity.mask_within(text.strip())[:20]}”不是有效日期，请写成 2023-05-01 的样子。",
        )
        return None
    if granted_on > month.last_day:
        findings.fail(RosterIssue.DATE_ORDER, f"认定日期 {granted_on} 晚于名单所属的 {month}，请核对。")
    elif id_number and granted_on < identity.birth_date(id_number):
        findings.fail(RosterIssue.DATE_ORDER, f"认定日期 {granted_on} 早于本人出生，请核对。")
    else:
        return granted_on
    return None


def _category(word: str) -> ReliefCategory | None:
    name = _SPACES.sub("", unicodedata.normalize("NFKC", word)).lower()
    return _CATEGORIES.get(name) or _CATEGORIES.get(_REMARK.sub("", name))


@lru_cache(maxsize=8_192)
def _place(text: str) -> str:
    # Where a column slipped, an ID or a telephone number stands here; the text as it came is kept encrypted.
    return identity.mask_within(_SPACES.sub("", text))[:MAX_PLACE]


def _labels(repairs: Sequence[Repair]) -> str:
    return "、".join(repair.label for repair in repairs)

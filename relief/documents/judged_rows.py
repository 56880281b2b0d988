"""The judged rows of a batch as files: a masked csv for scripts, a workbook of errors for the office that sent them."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, TextIO

import xlsxwriter

from bureau.console.exports.cells import quoted
from bureau.kernel.identity import mask_id
from bureau.kernel.terms import ReliefCategory
from relief.terms import RosterIssue, SettledHow, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from relief.models import RosterEntry

_HEADER = ("line", "id_number", "name", "category", "verdict", "code", "message")
_ERROR_HEADER = (
    "行号",
    "姓名",
    "身份证号",
    "救助类别",
    "乡镇（街道）",
    "村（社区）",
    "认定日期",
    "联系电话",
    "问题",
    "说明与建议",
    "处理",
)
_WIDTHS = (6, 12, 22, 20, 14, 14, 12, 14, 18, 60, 20)


def write_csv(out: TextIO, entries: Iterable[RosterEntry]) -> None:
    """One line for each row of the file and each exit; the held have none, for their row is in error."""
    writer = csv.writer(out)
    writer.writerow(_HEADER)
    for entry in entries:
        if entry.verdict != Verdict.HELD:
            code, message = _finding(entry)
            writer.writerow(
                [
                    entry.line or "",
                    shown_id(entry),
                    quoted(entry.name),
                    quoted(entry.category or entry.previous_category or entry.raw.get("category", "")),
                    entry.verdict,
                    code,
                    quoted(message),
                ]
            )


def errors_workbook(entries: Iterable[RosterEntry]) -> bytes:
    """The rows in error as the file had them, each with its problem; text cells only, so nothing is a formula."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#e6f2f2", "border": 1})
        wrong = workbook.add_format({"bg_color": "#fdeceb", "text_wrap": True, "valign": "top"})
        sheet = workbook.add_worksheet("异常")
        sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(zip(_ERROR_HEADER, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        for number, entry in enumerate(entries, start=1):
            for column, text in enumerate(_as_sent(entry)):
                sheet.write_string(number, column, text, wrong)
    return file.getvalue()


def shown_id(entry: RosterEntry) -> str:
    """The ID under its mask: as read, of the person who exits, or as far as the file had one."""
    return mask_id(entry.id_number or _of_person(entry) or entry.raw.get("id_number", "").strip())


def _finding(entry: RosterEntry) -> tuple[str, str]:
    if entry.code:
        return entry.code, entry.message
    codes = ";".join(code for code, _ in entry.warnings)
    return codes, "".join(message for _, message in entry.warnings) or entry.message


def _as_sent(entry: RosterEntry) -> list[str]:
    raw = entry.raw
    columns = ("name", "id_number", "category", "town", "village", "granted_on", "phone")
    settled = SettledHow.label_of(entry.settled_how) if entry.settled_how else ""
    return [
        str(entry.line or ""),
        *(raw.get(f"{column}_in_file", raw.get(column, "")) for column in columns),
        RosterIssue.label_of(entry.code) if entry.code else "",
        entry.message,
        f"{settled}：{entry.settled_reason}" if entry.settled_reason else settled,
    ]


def _of_person(entry: RosterEntry) -> str:
    return entry.person.id_number if entry.line is None and entry.person is not None else ""


def category_label(code: str) -> str:
    """The category in words; a blank stays blank."""
    return ReliefCategory.label_of(code) if code else ""

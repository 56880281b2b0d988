"""Statuses and roster files of an invented corner of Mianyang."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date

import xlsxwriter

from bureau.kernel.terms import ReliefCategory
from enrollment.models import Person
from relief.models import ReliefStatus
from tests.factories.people import YOUXIAN, a_person

HEADER = ("序号", "姓名", "身份证号", "救助类别", "乡镇街道", "村社区", "认定日期", "联系电话")


def a_status(
    person: Person | None = None,
    category: ReliefCategory = ReliefCategory.SUBSISTENCE,
    *,
    source: str = "civil_affairs",
    area_code: str = YOUXIAN,
    town: str = "魏城镇",
    valid_from: date = date(2023, 1, 1),
    valid_until: date | None = None,
) -> ReliefStatus:
    """A status held since January 2023."""
    return ReliefStatus.objects.create(
        person=person or a_person(),
        source=source,
        category=category.value,
        area_id=area_code,
        town=town,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def a_line(
    id_number: str, name: str = "王芳", category: str = "低保", town: str = "魏城镇", phone: str = ""
) -> list[str]:
    """One line of a roster, without its running number."""
    return [name, id_number, category, town, "一社区", "2022-10-01", phone]


def a_roster_file(lines: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> bytes:
    """An xlsx as civil affairs sends it."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for number, line in enumerate([header, *([str(number), *line] for number, line in enumerate(lines, start=1))]):
            for column, text in enumerate(line):
                sheet.write_string(number, column, text)
    return file.getvalue()

"""The relief rosters that the demo imports: two months as civil affairs send them, a list of disability certificates,
and a June list made from them with a few rows that wait for somebody."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from python_calamine import CalamineWorkbook

from bureau.demo import names
from bureau.demo.areas import YOUXIAN, town_code
from bureau.demo.people import Inhabitant, Recognition, Stretch
from bureau.demo.seeds import stream
from bureau.kernel import identity
from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Employment, Scheme

FOLDER = Path(__file__).parent / "rosters"
APRIL = FOLDER / "2023-04-civil-affairs.xlsx"
MAY = FOLDER / "2023-05-civil-affairs.xlsx"
DISABLED = FOLDER / "2023-05-disabled-federation.csv"
JUNE_NAME = "2023-06-civil-affairs.csv"

_HEADER = ("序号", "姓名", "身份证号", "救助类别", "乡镇街道", "村社区", "认定日期", "联系电话")
_TODAY = date(2023, 5, 31)


@dataclass(frozen=True, slots=True)
class Listed:
    """A readable row of a list."""

    id_number: str
    name: str
    category: str
    town: str
    village: str
    granted: str
    phone: str


@cache
def listed(path: Path) -> tuple[Listed, ...]:
    """The rows of a workbook whose ID can be read, each person once."""
    found: dict[str, Listed] = {}
    for _, name, number, category, town, village, granted, phone, *_ in _cells(path):
        try:
            id_number = identity.read_id(str(number), today=_TODAY).value
        except BusinessError:
            continue
        cells = (
            identity.repair_name(str(name)).value,
            *(str(cell) for cell in (category, town, village, granted, phone)),
        )
        if all(cells[:2]):
            found.setdefault(id_number, Listed(id_number, *cells))
    return tuple(found.values())


def _cells(path: Path) -> Sequence[Sequence[object]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def everybody() -> tuple[Listed, ...]:
    """All people of the two months, as they stand in the earlier one."""
    found = {row.id_number: row for row in listed(APRIL)}
    for row in listed(MAY):
        found.setdefault(row.id_number, row)
    return tuple(found.values())


def inhabitants(seed: int) -> list[Inhabitant]:
    """The people of the rosters as inhabitants: nearly all residents, ill more often than others."""
    chance = stream(seed, "people", "roster")
    found: list[Inhabitant] = []
    for row in everybody():
        born = identity.birth_date(row.id_number)
        is_worker = 25 <= 2023 - born.year <= 55 and chance.randrange(100) < 12
        stretch = (
            Stretch(Scheme.EMPLOYEE, str(Employment.IN_SERVICE), date(2020, 1, 1))
            if is_worker
            else Stretch(Scheme.RESIDENT, "", date(2019, 1, 1))
        )
        person = Inhabitant(
            id_number=row.id_number,
            name=row.name,
            is_male=identity.gender(row.id_number) is identity.Gender.MALE,
            born=born,
            phone=row.phone,
            county=YOUXIAN,
            town=town_code(row.town, YOUXIAN),
            stretches=(stretch,),
            is_on_roster=True,
            is_poor=chance.randrange(100) < 40,
        )
        if chance.randrange(100) < 35:
            code = chance.choice(("M03900", "M01600", "M05300", "M00503", "M07803"))
            person = replace(person, recognitions=(Recognition(code, date(2021, chance.randint(1, 12), 1)),))
        found.append(person)
    return found


def june_list(seed: int) -> bytes:
    """A UTF-8 list for June: three leave, three are new, and four rows wait for a decision."""
    chance = stream(seed, "rosters", "june")
    # Everybody whom a row of May means, readable or not; a phone tells who it is. April's row is the clean one.
    phones = {str(cells[7]) for cells in _cells(MAY)}
    rows = [row for row in everybody() if row.phone in phones][:-3]
    for number in range(3):
        born = date(1950 + 7 * number, 3, 12)
        rows.append(
            Listed(
                names.id_number(chance, is_male=True, born=born),
                names.name(chance, is_male=True, born=born),
                "低保",
                "小枧镇",
                "一社区",
                "2023-05-18",
                names.phone(chance),
            )
        )
    rows[3] = replace(rows[3], id_number=names.with_wrong_check(rows[3].id_number))
    rows[11] = replace(rows[11], category="低保二类")
    rows[20] = replace(rows[20], id_number="")
    rows[31] = replace(rows[31], granted="2023-02-30")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_HEADER)
    writer.writerows(
        (line, row.name, row.id_number, row.category, row.town, row.village, row.granted, row.phone)
        for line, row in enumerate(rows, start=1)
    )
    return text.getvalue().encode()

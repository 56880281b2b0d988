"""Cities and rosters of a wanted size, for what is measured in the database."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

from bureau.demo import names
from bureau.demo.areas import NAMES, YOUXIAN, towns
from bureau.demo.city import City, draw
from bureau.demo.seeds import stream
from bureau.demo.sizes import Size
from bureau.demo.stages import founding, parties
from tests.bench.speeds import SEED

CATEGORIES = ("特困人员", "低保对象", "低保边缘家庭成员")


def drawn(bills: int) -> City:
    """A city with about so many bills a month; three bills to two people, as in the demo."""
    size = Size(employees=bills // 5, residents=bills // 2, employee_bills=bills // 3, resident_bills=bills * 2 // 3)
    return draw("mianyang", size, SEED)


def founded(city: City) -> None:
    """Everything that stands before its people come."""
    for stage in (founding.found, founding.legislate, parties.designate):
        stage(city)


def roster_file(rows: int) -> bytes:
    """A list of so many people of Youxian whom nobody knows."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("姓名", "身份证号", "救助类别", "乡镇街道"))
    writer.writerows(_listed(rows))
    return text.getvalue().encode()


def _listed(rows: int) -> Iterator[tuple[str, ...]]:
    chance = stream(SEED, "bench", "roster")
    town_names = [NAMES[code] for code in towns(YOUXIAN)]
    taken: set[str] = set()
    while len(taken) < rows:
        born = date(1940 + chance.randrange(80), 1 + chance.randrange(12), 1 + chance.randrange(28))
        number = names.id_number(chance, is_male=True, born=born)
        if number not in taken:
            taken.add(number)
            name = names.name(chance, is_male=True, born=born)
            yield name, number, chance.choice(CATEGORIES), chance.choice(town_names)

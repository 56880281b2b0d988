"""A whole city from a seed and a size, before anything of it is in a database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from bureau.demo import bills, people, providers, rosters
from bureau.demo.areas import YOUXIAN
from bureau.demo.bills import Bill
from bureau.demo.people import Inhabitant
from bureau.demo.providers import Provider
from bureau.demo.sizes import Size
from bureau.kernel.errors import BusinessError

MONTHS = tuple(date(2023, month, 1) for month in range(1, 6))
# Of June only some of Youxian's hospitals have sent their files; they wait for the settlement of that month.
JUNE = date(2023, 6, 1)
JUNE_FILES = 6


@dataclass(frozen=True, slots=True)
class City:
    """Everything that is drawn; bills are drawn month by month, since a large city does not fit into memory at once."""

    seed: int
    size: Size
    people: tuple[Inhabitant, ...]
    providers: tuple[Provider, ...]

    def files(self, month: date) -> dict[str, list[Bill]]:
        """The bills of a month by institution; of June, those of a few hospitals."""
        drawn = bills.month_of(self.seed, self.size, month, self.people, self.providers)
        files = bills.by_institution(drawn)
        if month != JUNE:
            return files
        hospitals = [code for code in files if code.startswith(f"H{YOUXIAN}")]
        return {code: files[code] for code in hospitals[:JUNE_FILES]}

    def digest(self) -> str:
        """The same for the same city on every machine."""
        total = hashlib.sha256()
        for line in self._lines():
            total.update(line.encode())
        return total.hexdigest()

    def _lines(self) -> Iterator[str]:
        for person in self.people:
            yield f"{person}\n"
        for provider in self.providers:
            yield f"{provider}\n"
        for month in (*MONTHS, JUNE):
            for file in self.files(month).values():
                for bill in file:
                    yield f"{bill}\n"


def draw(city: str, size: Size, seed: int) -> City:
    """The city of that name; only Mianyang can be drawn until other cities have their packs and areas."""
    if city != "mianyang":
        raise BusinessError("demo.city", f"还没有“{city}”的演示数据，目前只能建 mianyang（绵阳）。")
    inhabitants = (*rosters.inhabitants(seed), *people.inhabitants(seed, size))
    return City(seed, size, inhabitants, tuple(providers.providers(seed)))

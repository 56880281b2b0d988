"""Half-open validity and calendar months: a valid day satisfies `valid_from <= day < valid_until` (None = open)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from bureau.kernel.errors import BusinessError

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")
FIRST_YEAR, LAST_YEAR = 1900, 2999


@dataclass(frozen=True, slots=True)
class Validity:
    """A range of days; the last day is not in it, and None means until further notice."""

    valid_from: date
    valid_until: date | None = None

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise BusinessError(
                "period.order", f"终止日期 {self.valid_until} 不晚于起始日期 {self.valid_from}，请改正其中一个。"
            )

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def overlaps(self, other: Validity) -> bool:
        return (other.valid_until is None or self.valid_from < other.valid_until) and (
            self.valid_until is None or other.valid_from < self.valid_until
        )

    def __str__(self) -> str:
        """As staff read it, with the last day included: "2023-05-01 至 2023-05-31"."""
        return (
            f"{self.valid_from} 至 {self.valid_until - timedelta(days=1)}"
            if self.valid_until
            else f"{self.valid_from} 起"
        )


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month; months compare and sort by time."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.number <= 12):
            raise BusinessError("period.month", f"“{self.year}-{self.number:02d}”不是月份，请写成 2023-05 的样子。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "2023-05" and nothing else."""
        match = _MONTH.fullmatch(text.strip())
        if match is None:
            raise BusinessError("period.month", f"“{text.strip()[:20]}”不是月份，请写成 2023-05 的样子。")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def end(self) -> date:
        """The first day after the month."""
        return date(self.year + self.number // 12, self.number % 12 + 1, 1)

    @property
    def validity(self) -> Validity:
        return Validity(self.first_day, self.end)

    def covers(self, day: date) -> bool:
        return self.first_day <= day < self.end

    def next(self) -> Month:
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    def previous(self) -> Month:
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

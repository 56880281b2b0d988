"""The values of a parameter over the days, as bars to scale: one lane for each group of people. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bureau.policy.rules import catalog, phrasing
from bureau.policy.rules.catalog import State
from bureau.policy.rules.documents import Row
from bureau.policy.rules.rulebook import Rulebook

# Units of the drawing: names on the left, bars beside them.
WIDTH = 1080
LEFT = 300
LANE = 30
HEAD = 26
_MARGIN_DAYS = 366
_PER_CHARACTER = 12
_YEAR_WIDTH = 32


@dataclass(frozen=True, slots=True)
class Segment:
    """One value from one day to another; `text` is empty where it does not fit into the bar."""

    row: Row
    x: int
    width: int
    text: str
    words: str
    state: State

    @property
    def text_x(self) -> int:
        return self.x + 6


@dataclass(frozen=True, slots=True)
class Lane:
    """The values for one group of people, one after the other."""

    words: str
    y: int
    segments: tuple[Segment, ...]

    @property
    def text_y(self) -> int:
        return self.y + 19


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing of `WIDTH` by `height`; `ticks` are the years, `today` the day one looks at."""

    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[int, int], ...]
    today: int
    height: int

    @property
    def bottom(self) -> int:
        return self.height - 4


def timeline(rulebook: Rulebook, rows: Sequence[Row], day: date) -> Timeline:
    """The drawing of some rows of one name; an open end reaches to the right edge."""
    days = [day, *(row.valid_from for row in rows), *(row.valid_until for row in rows if row.valid_until)]
    first = date(min(days).year, 1, 1)
    last = max(days) + timedelta(_MARGIN_DAYS)

    def at(when: date) -> int:
        return LEFT + (WIDTH - LEFT) * (when - first).days // (last - first).days

    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(phrasing.cells(row.labels, rulebook.areas), []).append(row)
    lanes = []
    for number, (words, group) in enumerate(groups.items()):
        segments = []
        for row in sorted(group, key=lambda row: row.valid_from):
            x = at(row.valid_from)
            width = max(3, (at(row.valid_until) if row.valid_until else WIDTH) - x - 2)
            value = phrasing.value_of(row)
            text = value if len(value) * _PER_CHARACTER <= width else ""
            segments.append(Segment(row, x, width, text, value, catalog.state_of(row, day)))
        lanes.append(Lane(words, HEAD + number * LANE, tuple(segments)))
    years = range(first.year, last.year + 1)
    ticks = tuple((year, x) for year in years if (x := at(date(year, 1, 1))) < WIDTH - _YEAR_WIDTH)
    return Timeline(tuple(lanes), ticks, at(day), HEAD + len(lanes) * LANE + 6)

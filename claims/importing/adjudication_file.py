"""The claim file of `manage.py adjudicate` (docs/algorithms/benefit.md): good rows as integers, faults by line.

No database. A person-year with a bad row is refused whole, because later claims depend on it; the others are computed.
"""

from __future__ import annotations

import csv
import itertools
import operator
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TextIO

import numpy as np
from numpy.typing import NDArray

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import MAX_FEN, format_yuan, parse_yuan
from bureau.policy.rules.rulebook import Rulebook
from claims.importing import columns
from claims.importing.columns import Array
from claims.rules.facts import ClaimFacts, Encoder, FactError, amount_faults, check, faults_of, unknown_value

COLUMNS = (
    "claim_id",
    "person_id",
    "sequence",
    "service_date",
    "scheme",
    "employment",
    "relief",
    "registered_poor",
    "care",
    "level",
    "insured_area",
    "care_area",
    "filing",
    "signed",
    "chronic_count",
    "total",
    "excluded",
    "over_ceiling",
    "upfront_copay",
)
NAMED_SIBLINGS = 5
# Rows taken in and written out at once.
CHUNK = 20_000
# A row as kept between reading and settling.
SEQUENCE, CELL, PROTECTION, TOTAL, EXCLUDED, OVER_CEILING, UPFRONT = range(7)
WIDTH = 7
# No person-year: a row that cannot be computed.
NO_YEAR = -1

_WHOLE = re.compile(r"\d{1,18}")
_YEAR = re.compile(r"(\d{4})-")
_BREAK = re.compile(r"\r\n|\r|\n")
_FIRST_FOUR = operator.itemgetter(slice(4))
_AMOUNTS = ("total", "excluded", "over_ceiling", "upfront_copay")
_WHO = ("scheme", "employment", "relief", "registered_poor", "care", "level", "filing", "signed", "chronic_count")
_WHERE = ("service_date", "insured_area", "care_area")


@dataclass(frozen=True, slots=True)
class Reject:
    """A line of the rejects file."""

    line: int
    claim_id: str
    column: str
    reason: str


class ClaimFile:
    """A claim file read whole: what is needed to settle it, as compact integers, and what is wrong with it."""

    def __init__(self, rulebook: Rulebook, source: TextIO) -> None:
        self.rulebook = rulebook
        self.encoder = Encoder(rulebook)
        self.claim_ids: list[str] = []
        self.lines = array("q")
        self.years = columns.Numbers()
        self.faults: list[tuple[int, str, FactError]] = []
        self._standings, self._places = columns.Standings(self.encoder), columns.Places(self.encoder)
        self._refused: set[int] = set()
        self._refused_people: set[str] = set()
        # What each bad row takes down with it: person-years, or a person whose years cannot be told apart.
        self._fault_years: dict[int, set[int]] = defaultdict(set)
        self._fault_people: dict[int, str] = {}
        self.values, self.year_of = self._read(source)
        self._check_claim_ids()
        self._check_sequences()

    def _read(self, source: TextIO) -> tuple[Array, Array]:
        reader = csv.reader(source)
        header = [name.strip() for name in next(reader, [])]
        positions = _positions(header)
        pick = [positions[column] for column in COLUMNS]
        values, years = [np.zeros((0, WIDTH), dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
        while rows := self._chunk(reader):
            found = self._take(rows, pick, len(header))
            values.append(found[0])
            years.append(found[1])
        return np.concatenate(values), np.concatenate(years)

    def _chunk(self, reader: Any) -> list[list[str]]:
        """The next rows; their lines are remembered."""
        before = reader.line_num
        rows = list(itertools.islice(reader, CHUNK))
        if reader.line_num - before == len(rows) and all(rows):
            self.lines.extend(range(before + 1, before + len(rows) + 1))
            return rows
        # Empty lines, or cells that go over several lines: each row stands at its last line.
        line, full = before, []
        for cells in rows:
            line += 1 + sum(len(_BREAK.findall(cell)) for cell in cells)
            if cells:
                self.lines.append(line)
                full.append(cells)
        return full or self._chunk(reader) if rows else []

    def _take(self, rows: list[list[str]], pick: list[int], width: int) -> tuple[Array, Array]:
        """Values and person-years of some rows: in columns what is plainly right, one by one the others."""
        first = len(self.claim_ids)
        even = set(map(len, rows)) == {width}
        whole = rows if even else [cells if len(cells) == width else [""] * width for cells in rows]
        across = list(zip(*whole, strict=True))
        said = {column: across[at] for column, at in zip(COLUMNS, pick, strict=True)}
        ids, people = list(map(str.strip, said["claim_id"])), list(map(str.strip, said["person_id"]))
        self.claim_ids.extend(ids)
        values, odd = self._columns(said)
        for named in (ids, people):
            if not all(named):
                odd |= np.fromiter((not name for name in named), bool, len(rows))
        # Only what is plainly right opens a person-year here: a day that nobody can read is none.
        plain = np.flatnonzero(~odd)
        years = zip(people, map(_FIRST_FOUR, said["service_date"]), strict=True)
        year_of = np.full(len(rows), NO_YEAR, dtype=np.int64)
        right = itertools.compress(years, (~odd).tolist())
        year_of[plain] = np.fromiter(map(self.years.__getitem__, right), np.int64, len(plain))
        for at in np.flatnonzero(odd).tolist():
            number, cells = first + at, rows[at]
            values[at] = 0
            if len(cells) != width:
                self.claim_ids[number] = cells[0].strip()
                fault = FactError("file.columns", "", f"本行有 {len(cells)} 列，与表头不符。")
                self._fault(number, None, fault)
                continue
            row = [cells[position].strip() for position in pick]
            try:
                year, values[at] = self._quick(row)
                year_of[at] = self._year(*year)
            except (KeyError, ValueError, BusinessError):
                for fault in self._faults_in(row):
                    self._fault(number, row, fault)
        return values, year_of

    def _columns(self, said: dict[str, tuple[str, ...]]) -> tuple[Array, NDArray[np.bool_]]:
        """The integers of many rows, and which rows must be read with care."""
        facts = [said[column] for column in (*_WHO, *_WHERE)]
        cells, protections, odd = columns.cells(self._standings, self._places, facts)
        sequence = columns.whole_numbers(said["sequence"])
        amounts = [columns.fen(said[column]) for column in _AMOUNTS]
        odd |= sequence == columns.ODD
        for amount in amounts:
            odd |= amount == columns.ODD
        odd |= amounts[0] < amounts[1] + amounts[2] + amounts[3]
        return np.stack([sequence, cells, protections, *amounts], axis=1), odd

    def _year(self, person: str, day: str) -> int:
        """The number of a person-year."""
        return self.years[person, day[:4]]

    def _quick(self, row: list[str]) -> tuple[tuple[str, str], tuple[int, ...]]:
        """The integers of a good row; anything odd raises, and `_faults_in` then says what."""
        if not row[0] or not row[1]:
            raise ValueError(row)
        facts = self._facts(row)
        check(facts)
        cell, protection = self.encoder.cells(facts)
        values = (
            facts.sequence,
            cell,
            protection,
            facts.total,
            facts.excluded,
            facts.over_ceiling,
            facts.upfront_copay,
        )
        return (row[1], row[3]), values

    def _facts(self, row: list[str]) -> ClaimFacts:
        if len(row[3]) != len("2023-01-01"):
            raise ValueError(row[3])
        return ClaimFacts(
            row[0],
            _whole(row[2]),
            date.fromisoformat(row[3]),
            row[4],
            row[5],
            row[6],
            columns.YES_NO[row[7]],
            row[8],
            row[9],
            row[10],
            row[11],
            columns.YES_NO[row[12]],
            columns.YES_NO[row[13]],
            _whole(row[14]),
            parse_yuan(row[15]),
            parse_yuan(row[16]),
            parse_yuan(row[17]),
            parse_yuan(row[18]),
        )

    def _fault(self, number: int, row: list[str] | None, fault: FactError) -> None:
        """Remember a fault and refuse what depends on it."""
        self.faults.append((number, self.claim_ids[number], fault))
        if row is None or not row[1]:
            return
        year = _YEAR.match(row[3])
        if year:
            self._refuse(number, self._year(row[1], year[1]))
        else:
            # Nobody knows to which year the claim belongs: none of the person's years can be trusted.
            self._refused_people.add(row[1])
            self._fault_people[number] = row[1]

    def _refuse(self, number: int, year: int) -> None:
        self._refused.add(year)
        self._fault_years[number].add(year)

    def _faults_in(self, row: list[str]) -> Iterator[FactError]:
        """Everything wrong with a row, column by column."""
        found = False
        for fault in _faults(self.rulebook, row):
            found = True
            yield fault
        if not found:
            yield FactError("claim.invalid", "", "本行无法计算。")

    def _check_claim_ids(self) -> None:
        """The later of two good rows with one claim id is a fault and refuses both person-years."""
        good = np.flatnonzero(self.year_of != NO_YEAR).tolist()
        if len({self.claim_ids[number] for number in good}) == len(good):
            return
        seen: dict[str, int] = {}
        for number in good:
            claim_id = self.claim_ids[number]
            earlier = seen.setdefault(claim_id, number)
            if earlier == number:
                continue
            message = f"claim_id“{claim_id}”与第 {self.lines[earlier]} 行重复。"
            self.faults.append((number, claim_id, FactError("claim.duplicate_id", "claim_id", message)))
            for at in (earlier, number):
                self._refuse(number, int(self.year_of[at]))
            self.year_of[number] = NO_YEAR

    def _check_sequences(self) -> None:
        """The later of two rows with one sequence in a person-year is a fault and refuses the person-year."""
        good = np.flatnonzero(self.year_of != NO_YEAR)
        order = good[np.lexsort((self.values[good, SEQUENCE], self.year_of[good]))]
        years, sequences = self.year_of[order], self.values[order, SEQUENCE]
        same = np.flatnonzero((years[1:] == years[:-1]) & (sequences[1:] == sequences[:-1])) + 1
        before = earliest = NO_YEAR
        for at in same.tolist():
            # The sort keeps the order of the file: the first of a run is the row that the others repeat.
            if at - 1 != before:
                earliest = int(order[at - 1])
            before = at
            number, sequence = int(order[at]), int(sequences[at])
            message = f"同一人同一年度的顺序号 {sequence} 与第 {self.lines[earliest]} 行重复。"
            fault = FactError("claim.duplicate_sequence", "sequence", message)
            self.faults.append((number, self.claim_ids[number], fault))
            self._refused.add(int(years[at]))

    def in_order(self) -> tuple[Array, Array]:
        """The rows that can be computed, by person-year and sequence, and where each person-year begins."""
        refused = np.zeros(len(self.years) + 1, dtype=bool)
        refused[sorted(self.refused_years())] = True
        rows = np.flatnonzero((self.year_of != NO_YEAR) & ~refused[self.year_of])
        order = rows[np.lexsort((self.values[rows, SEQUENCE], self.year_of[rows]))]
        years = self.year_of[order]
        begins = np.flatnonzero(years[1:] != years[:-1]) + 1
        starts = np.concatenate([[0], begins, [len(order)]] if len(order) else [[0]])
        return order, starts.astype(np.int64)

    def refused_years(self) -> set[int]:
        """The person-years with a bad row."""
        if not self._refused_people:
            return self._refused
        return self._refused | {at for (person, _), at in self.years.items() if person in self._refused_people}

    def rejects(self) -> list[Reject]:
        """The lines of the rejects file: bad rows, each naming the claims that are refused along with it."""
        if not self.faults:
            return []
        along: dict[int, list[str]] = defaultdict(list)
        bad = {number for number, _, _ in self.faults}
        refused = self.refused_years()
        for number, year in enumerate(self.year_of.tolist()):
            if year in refused and number not in bad:
                along[year].append(self.claim_ids[number])
        rejects = []
        for number, claim_id, fault in sorted(self.faults, key=lambda item: item[0]):
            siblings = [name for year in self._years_of(number) for name in along.get(year, ())]
            reason = f"{fault.message}[{fault.code}]{_along(siblings)}"
            rejects.append(Reject(self.lines[number], claim_id, fault.column, reason))
        return rejects

    def _years_of(self, number: int) -> list[int]:
        """The person-years that a bad row takes down."""
        years = set(self._fault_years.get(number, ()))
        if self.year_of[number] != NO_YEAR:
            years.add(int(self.year_of[number]))
        person = self._fault_people.get(number)
        if person is not None:
            years.update(at for (name, _), at in self.years.items() if name == person)
        return sorted(years)


def _positions(header: list[str]) -> dict[str, int]:
    positions = {name: at for at, name in enumerate(header)}
    missing = [column for column in COLUMNS if column not in positions]
    if missing:
        raise BusinessError("file.missing_column", f"文件缺少列：{'、'.join(missing)}。")
    twice = sorted({name for name in header if name in COLUMNS and header.count(name) > 1})
    if twice:
        raise BusinessError("file.duplicate_column", f"文件中重复的列：{'、'.join(twice)}。")
    return positions


def _whole(text: str) -> int:
    if _WHOLE.fullmatch(text) is None:
        raise ValueError(text)
    return int(text)


def _along(siblings: Sequence[str]) -> str:
    if not siblings:
        return ""
    named = "、".join(siblings[:NAMED_SIBLINGS])
    more = "等" if len(siblings) > NAMED_SIBLINGS else ""
    return f"（连同退回 {len(siblings)} 条：{named}{more}）"


def _faults(rulebook: Rulebook, row: list[str]) -> Iterator[FactError]:
    """All that is wrong with a row; what can be read is checked even where its neighbor cannot."""
    said = dict(zip(COLUMNS, row, strict=True))
    for column in ("claim_id", "person_id"):
        if not said[column]:
            yield FactError("claim.missing", column, f"{column} 为空。")
    for column in ("sequence", "chronic_count"):
        if _WHOLE.fullmatch(said[column]) is None:
            yield FactError("claim.not_a_number", column, f"{column} 的“{said[column]}”不是非负整数。")
    for column in ("registered_poor", "filing", "signed"):
        if said[column] not in columns.YES_NO:
            yield unknown_value(column, said[column], list(columns.YES_NO))
    day = _read_day(said["service_date"])
    if day is None:
        message = f"“{said['service_date']}”不是日期，请写成 2023-01-01。"
        yield FactError("claim.date", "service_date", message)
    amounts: dict[str, int] = {}
    for column in _AMOUNTS:
        try:
            amounts[column] = parse_yuan(said[column])
        except BusinessError as error:
            yield FactError(error.code, column, error.message)
    facts = ClaimFacts(
        claim_id=said["claim_id"],
        sequence=0,
        service_date=day or rulebook.starts[0],
        **{name: said[name] for name in _WORDS},
        registered_poor=False,
        filing=False,
        signed=False,
        chronic_count=0,
        total=0,
        excluded=0,
        over_ceiling=0,
        upfront_copay=0,
    )
    yield from faults_of(rulebook, facts)
    if len(amounts) == 4:
        yield from amount_faults(**amounts)
    else:
        yield from _negative(amounts)


_WORDS = ("scheme", "employment", "relief", "care", "level", "insured_area", "care_area")


def _negative(amounts: dict[str, int]) -> Iterator[FactError]:
    for column, amount in amounts.items():
        if amount < 0 or amount > MAX_FEN:
            yield FactError("claim.negative", column, f"金额 {format_yuan(amount)} 为负或过大。")


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2023-01-01") else None
    except ValueError:
        return None

"""The claim file of `manage.py adjudicate` (docs/algorithms/benefit.md): rows in; results, explanations, rejects out.

No database. A person-year with a bad row is refused whole, because later claims depend on it; the others are computed.
"""

from __future__ import annotations

import csv
import json
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TextIO

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import MAX_FEN, format_yuan, parse_yuan
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import explanation
from claims.rules.facts import ClaimFacts, Encoder, FactError, amount_faults, check, faults_of, unknown_value
from claims.rules.kernel import RESULT_COLUMNS, TRACE_COLUMNS, run_year

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
RESULTS = (
    "claim_id",
    "eligible",
    "prepay",
    "deductible",
    "pooled",
    "major_illness",
    "assistance",
    "personal_burden",
)
REJECTS = ("line", "claim_id", "column", "reason")
NAMED_SIBLINGS = 5
# A row as kept between reading and settling.
SEQUENCE, CELL, PROTECTION, TOTAL, EXCLUDED, OVER_CEILING, UPFRONT = range(7)
WIDTH = 7

_YES_NO = {"yes": True, "no": False}
_WHOLE = re.compile(r"\d{1,18}")
_YEAR = re.compile(r"(\d{4})-")


@dataclass(frozen=True, slots=True)
class Reject:
    """A line of the rejects file."""

    line: int
    claim_id: str
    column: str
    reason: str


@dataclass(slots=True)
class Summary:
    """What became of a file."""

    claims: int = 0
    computed: int = 0
    refused_years: int = 0
    rejects: list[Reject] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Claims without a result."""
        return self.claims - self.computed


class ClaimFile:
    """A claim file read whole: what is needed to settle it, as compact integers, and what is wrong with it."""

    def __init__(self, rulebook: Rulebook, source: TextIO) -> None:
        self.rulebook = rulebook
        self.encoder = Encoder(rulebook)
        self.claim_ids: list[str] = []
        self.lines = array("q")
        self.values = array("q")
        self.year_of = array("q")
        self.years: dict[tuple[str, int], int] = {}
        self.faults: list[tuple[int, str, FactError]] = []
        self._first: dict[str, int] = {}
        self._amounts: dict[str, int] = {}
        self._days: dict[str, date] = {}
        self._refused: set[int] = set()
        self._refused_people: set[str] = set()
        self._fault_years: dict[int, list[tuple[str, int] | str]] = {}
        self._read(source)

    def _read(self, source: TextIO) -> None:
        reader = csv.reader(source)
        header = [name.strip() for name in next(reader, [])]
        positions = _positions(header)
        width = len(header)
        pick = [positions[column] for column in COLUMNS]
        for cells in reader:
            if not cells:
                continue
            row = [cells[at].strip() for at in pick] if len(cells) == width else None
            self._take(reader.line_num, row, cells)
        self._check_sequences()

    def _take(self, line: int, row: list[str] | None, cells: list[str]) -> None:
        """One row: into the arrays with its person-year, or among the faults."""
        number = len(self.claim_ids)
        self.lines.append(line)
        if row is None:
            self.claim_ids.append(cells[0].strip())
            self._fault(number, None, FactError("file.columns", "", f"本行有 {len(cells)} 列，与表头不符。"))
            return
        self.claim_ids.append(row[0])
        try:
            year, values = self._quick(row)
        except (KeyError, ValueError, BusinessError):
            for fault in self._faults_in(row):
                self._fault(number, row, fault)
            return
        earlier = self._first.setdefault(row[0], number)
        if earlier != number:
            message = f"claim_id“{row[0]}”与第 {self.lines[earlier]} 行重复。"
            self._fault(number, row, FactError("claim.duplicate_id", "claim_id", message), earlier)
            return
        self.values.extend(values)
        self.year_of.append(self.years.setdefault(year, len(self.years)))

    def _quick(self, row: list[str]) -> tuple[tuple[str, int], tuple[int, ...]]:
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
        return (row[1], facts.service_date.year), values

    def _facts(self, row: list[str]) -> ClaimFacts:
        return ClaimFacts(
            row[0],
            _whole(row[2]),
            self._day(row[3]),
            row[4],
            row[5],
            row[6],
            _YES_NO[row[7]],
            row[8],
            row[9],
            row[10],
            row[11],
            _YES_NO[row[12]],
            _YES_NO[row[13]],
            _whole(row[14]),
            self._fen(row[15]),
            self._fen(row[16]),
            self._fen(row[17]),
            self._fen(row[18]),
        )

    def _day(self, text: str) -> date:
        day = self._days.get(text)
        if day is None:
            if len(text) != len("2023-01-01"):
                raise ValueError(text)
            day = self._days[text] = date.fromisoformat(text)
        return day

    def _fen(self, text: str) -> int:
        whole, point, cents = text.partition(".")
        # The common way of writing, read quickly; every other goes through the one parser.
        if point and len(cents) == 2 and len(whole) < 10 and whole.isdecimal() and cents.isdecimal():
            return int(whole) * 100 + int(cents)
        return parse_yuan(text)

    def _fault(self, number: int, row: list[str] | None, fault: FactError, earlier: int | None = None) -> None:
        """Remember a fault and refuse what depends on it."""
        if number == len(self.year_of):
            self.values.extend([0] * WIDTH)
            self.year_of.append(-1)
        self.faults.append((number, self.claim_ids[number], fault))
        touched = self._fault_years.setdefault(number, [])
        if earlier is not None and self.year_of[earlier] >= 0:
            self._refused.add(self.year_of[earlier])
        if row is None or not row[1]:
            return
        year = _YEAR.match(row[3])
        if year:
            key = (row[1], int(year[1]))
            self._refused.add(self.years.setdefault(key, len(self.years)))
            touched.append(key)
        else:
            # Nobody knows to which year the claim belongs: none of the person's years can be trusted.
            self._refused_people.add(row[1])
            touched.append(row[1])

    def _faults_in(self, row: list[str]) -> Iterator[FactError]:
        """Everything wrong with a row, column by column."""
        found = False
        for fault in _faults(self.rulebook, row):
            found = True
            yield fault
        if not found:
            yield FactError("claim.invalid", "", "本行无法计算。")

    def _check_sequences(self) -> None:
        seen: dict[tuple[int, int], int] = {}
        for number, year in enumerate(self.year_of):
            if year < 0:
                continue
            sequence = self.values[number * WIDTH + SEQUENCE]
            earlier = seen.setdefault((year, sequence), number)
            if earlier != number:
                message = f"同一人同一年度的顺序号 {sequence} 与第 {self.lines[earlier]} 行重复。"
                fault = FactError("claim.duplicate_sequence", "sequence", message)
                self.faults.append((number, self.claim_ids[number], fault))
                self._refused.add(year)

    def groups(self) -> list[list[int]]:
        """The rows of each person-year that can be computed, in the order of their sequence."""
        refused = self.refused_years()
        groups: list[list[int]] = [[] for _ in range(len(self.years))]
        for number, year in enumerate(self.year_of):
            if year >= 0 and year not in refused:
                groups[year].append(number)
        values = self.values
        for group in groups:
            group.sort(key=lambda number: values[number * WIDTH + SEQUENCE])
        return [group for group in groups if group]

    def refused_years(self) -> set[int]:
        """The person-years with a bad row."""
        if not self._refused_people:
            return self._refused
        return self._refused | {at for (person, _), at in self.years.items() if person in self._refused_people}

    def rejects(self) -> list[Reject]:
        """The lines of the rejects file: bad rows, each naming the claims that are refused along with it."""
        along: dict[int, list[str]] = defaultdict(list)
        bad = {number for number, _, _ in self.faults}
        refused = self.refused_years()
        for number, year in enumerate(self.year_of):
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
        years = {self.year_of[number]} if self.year_of[number] >= 0 else set()
        first = self._first.get(self.claim_ids[number])
        if first is not None and first != number:
            years.add(self.year_of[first])
        for key in self._fault_years.get(number, ()):
            if isinstance(key, tuple):
                years.add(self.years[key])
            else:
                years.update(at for (person, _), at in self.years.items() if person == key)
        return sorted(years)


def settle_file(claims: ClaimFile, results: TextIO, *, explain: TextIO | None, rejects: TextIO | None) -> Summary:
    """Settle a claim file; results and explanations stand in the input's order."""
    summary = Summary(claims=len(claims.claim_ids), refused_years=len(claims.refused_years()))
    summary.rejects = claims.rejects()
    computed = array("q", bytes(8 * RESULT_COLUMNS * summary.claims))
    traces = array("q", bytes(8 * TRACE_COLUMNS * summary.claims)) if explain is not None else None
    done = bytearray(summary.claims)
    for group in claims.groups():
        _settle(claims, group, computed, traces)
        for number in group:
            done[number] = 1
    summary.computed = sum(done)
    _write_results(claims, computed, done, results)
    if explain is not None and traces is not None:
        _write_explanations(claims, computed, traces, done, explain)
    if rejects is not None:
        writer = csv.writer(rejects, lineterminator="\n")
        writer.writerow(REJECTS)
        writer.writerows((item.line, item.claim_id, item.column, item.reason) for item in summary.rejects)
    return summary


def _settle(claims: ClaimFile, group: Sequence[int], computed: array[int], traces: array[int] | None) -> None:
    rulebook, values = claims.rulebook, claims.values
    rows = []
    for number in group:
        _, cell, protection, total, *parts = values[number * WIDTH : (number + 1) * WIDTH]
        rows.append((cell, protection, total, total - sum(parts)))
    results = [[0] * RESULT_COLUMNS for _ in rows]
    trace = [[0] * TRACE_COLUMNS for _ in rows] if traces is not None else []
    used = [0] * rulebook.slots
    run_year(
        rows,  # type: ignore[arg-type]  # the kernel only reads these rows
        rulebook.benefit_rows,
        rulebook.protection_rows,
        used,
        results,
        trace,
    )
    for number, result in zip(group, results, strict=True):
        computed[number * RESULT_COLUMNS : (number + 1) * RESULT_COLUMNS] = array("q", result)
    if traces is not None:
        for number, row in zip(group, trace, strict=True):
            traces[number * TRACE_COLUMNS : (number + 1) * TRACE_COLUMNS] = array("q", row)


def _write_results(claims: ClaimFile, computed: array[int], done: bytearray, target: TextIO) -> None:
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(RESULTS)
    writer.writerows(_result_rows(claims, computed, done))


def _result_rows(claims: ClaimFile, computed: array[int], done: bytearray) -> Iterator[list[str]]:
    values = claims.values
    for number, claim_id in enumerate(claims.claim_ids):
        if done[number]:
            at = number * WIDTH
            eligible = values[at + TOTAL] - values[at + EXCLUDED] - values[at + OVER_CEILING] - values[at + UPFRONT]
            row = computed[number * RESULT_COLUMNS : (number + 1) * RESULT_COLUMNS]
            yield [claim_id, *(f"{fen // 100}.{fen % 100:02d}" for fen in (eligible, *row))]


def _write_explanations(
    claims: ClaimFile, computed: array[int], traces: array[int], done: bytearray, target: TextIO
) -> None:
    for number, claim_id in enumerate(claims.claim_ids):
        if not done[number]:
            continue
        _, cell, protection, total, *parts = claims.values[number * WIDTH : (number + 1) * WIDTH]
        trace = (
            *(cell, protection, total, total - sum(parts)),
            *parts,
            *computed[number * RESULT_COLUMNS : (number + 1) * RESULT_COLUMNS],
            *traces[number * TRACE_COLUMNS : (number + 1) * TRACE_COLUMNS],
        )
        steps = [step.to_json() for step in explanation.steps(claims.rulebook, trace)]
        target.write(json.dumps({"claim_id": claim_id, "steps": steps}, ensure_ascii=False))
        target.write("\n")


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
        if said[column] not in _YES_NO:
            yield unknown_value(column, said[column], list(_YES_NO))
    day = _read_day(said["service_date"])
    if day is None:
        message = f"“{said['service_date']}”不是日期，请写成 2023-01-01。"
        yield FactError("claim.date", "service_date", message)
    amounts: dict[str, int] = {}
    for column in ("total", "excluded", "over_ceiling", "upfront_copay"):
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

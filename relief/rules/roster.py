"""A monthly list against the standing one: duplicates inside the file, then new, changed, unchanged, exited, held.

Absence means exit (interfaces §3), so the rules lean to the safe side: whoever an unreadable row plainly is, is held
(decision 10), and an ID that stands in the file in whatever state is not absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache

from bureau.kernel.money import BASIS_POINTS
from bureau.kernel.terms import ReliefCategory
from relief.terms import RosterIssue, Verdict

SHRINK_LIMIT = 500

Warnings = tuple[tuple[str, str], ...]

_FOUND_BY_COMPARING_ROWS = frozenset({RosterIssue.DUPLICATE_IN_FILE, RosterIssue.CONFLICTING_DUPLICATE})


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as a file says it. `id_number` is a valid ID or "" (unreadable: see `raw`); `error` is "" or a code.

    `categories` holds all identities, highest first; `category` is the one that counts. `raw` holds the texts of
    the file by column name, enough to read the row again after a correction.
    """

    line: int
    id_number: str
    name: str
    categories: tuple[ReliefCategory, ...] = ()
    town: str = ""
    village: str = ""
    phone: str = ""
    granted_on: date | None = None
    disability_kind: str = ""
    disability_level: int | None = None
    raw: dict[str, str] = field(default_factory=dict)
    error: str = ""
    message: str = ""
    warnings: Warnings = ()

    @property
    def category(self) -> ReliefCategory:
        """The highest identity (WR-02); `none` where none could be read."""
        return self.categories[0] if self.categories else ReliefCategory.NONE

    def failing(self, issue: RosterIssue, message: str) -> RosterRow:
        """The same row in error; the first error stays."""
        return self if self.error else self._found(issue.value, message, self.warnings)

    def warned(self, issue: RosterIssue, message: str) -> RosterRow:
        return self._found(self.error, self.message, _with_warning(self.warnings, issue, message))

    def without(self, issues: frozenset[RosterIssue]) -> RosterRow:
        """The same row as if nobody had looked for these."""
        is_error = self.error in issues
        if not self.warnings and not is_error:
            return self
        warnings = _without_warnings(self.warnings, issues)
        return self._found("", "", warnings) if is_error else self._found(self.error, self.message, warnings)

    def _found(self, error: str, message: str, warnings: Warnings) -> RosterRow:
        # `dataclasses.replace` asks for every field by name: too slow for a hundred thousand rows.
        return RosterRow(
            self.line,
            self.id_number,
            self.name,
            self.categories,
            self.town,
            self.village,
            self.phone,
            self.granted_on,
            self.disability_kind,
            self.disability_level,
            self.raw,
            error,
            message,
            warnings,
        )


@lru_cache(maxsize=256)
def _with_warning(warnings: Warnings, issue: RosterIssue, message: str) -> Warnings:
    """The same few warnings stand at many rows of a list, and are one in memory."""
    return (*warnings, (issue.value, message))


@lru_cache(maxsize=256)
def _without_warnings(warnings: Warnings, issues: frozenset[RosterIssue]) -> Warnings:
    return tuple(warning for warning in warnings if warning[0] not in issues)


@dataclass(frozen=True, slots=True)
class Standing:
    """A person on the standing list of one source and area, with all identities from that source."""

    id_number: str
    name: str
    categories: tuple[ReliefCategory, ...]
    town: str = ""
    phone: str = ""

    @property
    def category(self) -> ReliefCategory:
        return _highest(self.categories)


@lru_cache(maxsize=1_024)
def _highest(categories: tuple[ReliefCategory, ...]) -> ReliefCategory:
    return min(categories, key=lambda category: category.rank, default=ReliefCategory.NONE)


@dataclass(frozen=True, slots=True)
class RowVerdict:
    """A row with its verdict and whom it meets on the standing list.

    The verdict follows the identity that counts; `begins` and `ends` name every identity that comes or goes, which
    an unchanged row may have too.
    """

    row: RosterRow
    verdict: Verdict
    standing: Standing | None = None

    @property
    def begins(self) -> tuple[ReliefCategory, ...]:
        before = self.standing.categories if self.standing else ()
        return tuple(category for category in self.row.categories if category not in before)

    @property
    def ends(self) -> tuple[ReliefCategory, ...]:
        before = self.standing.categories if self.standing else ()
        return tuple(category for category in before if category not in self.row.categories)


@dataclass(frozen=True, slots=True)
class Held:
    """A person whose ID is absent while the unreadable row on `line` plainly is that person."""

    standing: Standing
    line: int


@dataclass(frozen=True)
class Comparison:
    """What confirming the file would do; `verdicts` in the order of the file, the others by ID."""

    verdicts: tuple[RowVerdict, ...]
    exits: tuple[Standing, ...]
    held: tuple[Held, ...]
    standing_count: int

    @cached_property
    def counts(self) -> dict[str, int]:
        """As the JSON of `import_roster` gives them."""
        by_verdict = Counter(judged.verdict for judged in self.verdicts)
        return {
            "rows": len(self.verdicts),
            "new": by_verdict[Verdict.NEW],
            "changed": by_verdict[Verdict.CHANGED],
            "exited": len(self.exits),
            "unchanged": by_verdict[Verdict.UNCHANGED],
            "held": len(self.held),
            "errors": by_verdict[Verdict.ERROR],
            "warnings": sum(len(judged.row.warnings) for judged in self.verdicts),
        }

    @property
    def shrinks(self) -> bool:
        """Whether more than 5 % of the standing list would end: that asks for an explicit word."""
        return len(self.exits) * BASIS_POINTS > self.standing_count * SHRINK_LIMIT


def mark_duplicates(rows: Sequence[RosterRow], *, set_aside: Collection[int] = ()) -> list[RosterRow]:
    """Put in error what contradicts or repeats another row; can be asked again after rows were corrected.

    The same person with the same name and identities: the first row counts, later ones are in error. With another
    name or other identities: nobody knows which is right, all are in error. Lines set aside take no part.
    """
    fresh = [replace(row, error="", message="") if row.error in _FOUND_BY_COMPARING_ROWS else row for row in rows]
    first: dict[str, int] = {}
    repeated: dict[str, list[int]] = {}
    for place, row in enumerate(fresh):
        if row.id_number and not row.error and row.line not in set_aside:
            before = first.setdefault(row.id_number, place)
            if before != place:
                repeated.setdefault(row.id_number, [before]).append(place)
    for same_person in repeated.values():
        _mark(fresh, same_person)
    return fresh


def _mark(rows: list[RosterRow], places: list[int]) -> None:
    first = rows[places[0]]
    if len({(rows[place].name, rows[place].categories) for place in places}) == 1:
        for place in places[1:]:
            rows[place] = rows[place].failing(
                RosterIssue.DUPLICATE_IN_FILE, f"与第 {first.line} 行是同一个人，请把本行移出本批。"
            )
        return
    lines = "、".join(str(rows[place].line) for place in places)
    for place in places:
        rows[place] = rows[place].failing(
            RosterIssue.CONFLICTING_DUPLICATE,
            f"第 {lines} 行是同一身份证号而姓名或类别不同，请核实后改正，或移出多余的行。",
        )


def compare(rows: Sequence[RosterRow], standing: Iterable[Standing]) -> Comparison:
    """Verdicts of all rows, and who of the standing list would exit or is held.

    Rows set aside belong here too: they keep their error, and the person whom they mean keeps what they have.
    """
    people = {person.id_number: person for person in standing}
    verdicts = tuple(_judge(row, people.get(row.id_number)) for row in rows)
    standing_count = len(people)
    for row in rows:
        people.pop(row.id_number, None)
    absent = sorted(people.values(), key=_by_id)
    lines = _lines_of_unreadable(rows)
    held = [
        Held(person, line)
        for person in absent
        if (line := lines.get((person.name, "phone", person.phone)) or lines.get((person.name, "town", person.town)))
    ]
    kept = {one.standing.id_number for one in held}
    exits = tuple(person for person in absent if person.id_number not in kept)
    return Comparison(verdicts, exits, tuple(held), standing_count)


def _judge(row: RosterRow, standing: Standing | None) -> RowVerdict:
    if standing is not None and row.name != standing.name:
        row = row.failing(
            RosterIssue.NAME_MISMATCH, f"在册的姓名是{standing.name}，本行是{row.name}，请核实身份证号与姓名。"
        )
    if row.error:
        return RowVerdict(row, Verdict.ERROR, standing)
    if standing is None:
        return RowVerdict(row, Verdict.NEW)
    same = row.category is standing.category
    return RowVerdict(row, Verdict.UNCHANGED if same else Verdict.CHANGED, standing)


def _by_id(person: Standing) -> str:
    return person.id_number


def _lines_of_unreadable(rows: Sequence[RosterRow]) -> dict[tuple[str, str, str], int]:
    """Where somebody stands whose ID could not be read, by name and phone and by name and town."""
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        if row.name and not row.id_number:
            for kind, value in (("phone", row.phone), ("town", row.town)):
                if value:
                    lines.setdefault((row.name, kind, value), row.line)
    return lines

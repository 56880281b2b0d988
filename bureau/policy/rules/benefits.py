"""What somebody gets on a day, read from the compiled tables: one cell with its grounds, or all as a matrix. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bureau.kernel.errors import BusinessError
from bureau.kernel.terms import Care, Level, ReliefCategory
from bureau.policy.rules import layout, phrasing
from bureau.policy.rules.compiling import NO_CITATION
from bureau.policy.rules.documents import Row
from bureau.policy.rules.mechanisms import BENEFIT, CITY, Mechanism
from bureau.policy.rules.rulebook import Rulebook
from bureau.policy.rules.vocabulary import CARES, LEVELS, MECHANISMS, POOL_KINDS, RELATIONS
from bureau.policy.terms import Unit

BY_KEY = {mechanism.key: mechanism for mechanism in (*MECHANISMS.values(), *POOL_KINDS.values())}
_MAJOR = ("major_deductible", "major_bands", "major_cap")
_RELIEF = ("relief_ratio", "relief_deductible", "relief_cap", "relief_outpatient_limit")


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks, and on which day: the facts of a person that values depend on."""

    day: date
    pool: str
    scheme: str
    employment: str
    relief: str = ReliefCategory.NONE.value
    registered_poor: bool = False
    chronic: int = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """Where one goes for care: the facts of a claim that values depend on."""

    care: str
    level: str
    relation: str
    filing: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """One number of the tables with the rows that give it: the parameter first, then what changed it."""

    mechanism: Mechanism
    number: int
    words: str
    grounds: tuple[Row, ...]
    is_covered: bool = True

    @property
    def title(self) -> str:
        """As the parameter calls it: a limit is one of a year or of a claim."""
        return self.grounds[0].mechanism.title if self.grounds and self.is_covered else self.mechanism.title

    @property
    def is_assumed(self) -> bool:
        return any(row.assumed for row in self.grounds)

    @property
    def short(self) -> str:
        """Without unit and idle decimals, for a table that names its unit above."""
        return self.words.removesuffix(" 元").replace(".00", "") if self.grounds else "—"


@dataclass(frozen=True, slots=True)
class At:
    """What holds in one relation: deductible, ratio, limit; a prepayment where there is one; what counts further."""

    relation: str
    values: tuple[Value, ...]
    prepayment: Value | None
    counts: tuple[Value, ...]

    def shown(self) -> tuple[tuple[str, bool], ...]:
        """All that the matrix shows of it, to see whether two are alike."""
        values = (*self.values, *([self.prepayment] if self.prepayment else []), *self.counts)
        return tuple((value.words, value.is_covered) for value in values)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the matrix: levels at which the same holds, and what holds in each relation."""

    levels: tuple[str, ...]
    places: tuple[At, ...]

    @property
    def counted(self) -> list[Value]:
        """The layers above to which care in the own pool counts."""
        return [value for value in self.places[0].counts if value.number]

    @property
    def level(self) -> str:
        return self.levels[0]

    @property
    def words(self) -> str:
        return (
            "各等级"
            if len(self.levels) == len(LEVELS)
            else "、".join(phrasing.label("level", at) for at in self.levels)
        )


@dataclass(frozen=True, slots=True)
class CareLines:
    """A care with its lines; none where it is not covered at all, and then `covered` says why."""

    care: str
    words: str
    lines: tuple[Line, ...]
    covered: Value


def is_of_visit(key: str) -> bool:
    """Whether a value depends on where one goes; else on the person alone."""
    return key in BY_KEY and BY_KEY[key].table == BENEFIT


def living_pools(rulebook: Rulebook, day: date) -> list[tuple[str, str]]:
    """Name and title of the pooling areas of the day."""
    alive = [area for area in rulebook.areas if area.valid_from <= day]
    return [(area.name, area.title) for area in alive if area.valid_until is None or day < area.valid_until]


def value(rulebook: Rulebook, key: str, person: Person, visit: Visit) -> Value:
    """The value of a mechanism for this person at this visit; `policy.not_in_force` outside the set's days."""
    mechanism = BY_KEY.get(key)
    if mechanism is None or mechanism.table == CITY:
        raise BusinessError("policy.unknown_name", f"没有名为“{key}”的待遇参数。请从待遇一览点开一个数值。")
    if mechanism.table == BENEFIT:
        return _benefit(rulebook, mechanism, _benefit_cell(rulebook, person, visit))
    cell = _protection_cell(rulebook, person)
    row, cited = rulebook.protections[cell].tolist(), int(rulebook.protections_cited[cell, mechanism.column])
    if mechanism.key == "major_bands":
        bands = phrasing.bands(layout.bands_in(row[layout.BAND_COUNT :]))
        return Value(mechanism, row[mechanism.column], bands, _grounds(rulebook, cited))
    number = row[mechanism.column]
    return Value(mechanism, number, phrasing.value(mechanism, number), _grounds(rulebook, cited))


def matrix(rulebook: Rulebook, person: Person, *, filing: bool, signed: bool) -> list[CareLines]:
    """All cares of a person by level and relation; levels with the same values are one line."""
    found = []
    for care in CARES:
        lines = []
        for level in (Level.PHARMACY.value,) if care == Care.PHARMACY else LEVELS:
            visits = [Visit(care, level, relation, filing, signed) for relation in RELATIONS]
            cells = [_benefit_cell(rulebook, person, visit) for visit in visits]
            if any(rulebook.benefits[cell, layout.COVERED] for cell in cells):
                lines.append(_line(rulebook, level, cells))
        covered = value(rulebook, "covered", person, Visit(care, LEVELS[0], RELATIONS[0], filing, signed))
        found.append(CareLines(care, phrasing.label("care", care), tuple(_together(lines)), covered))
    return found


def protections(rulebook: Rulebook, person: Person) -> list[Value]:
    """What stands above the basic benefit: its yearly cap, major illness, and relief for whom it is meant."""
    visit = Visit("inpatient", LEVELS[0], RELATIONS[0])
    keys = ["pooled_cap", *_MAJOR]
    if person.relief != ReliefCategory.NONE:
        keys += _RELIEF
    return [value(rulebook, key, person, visit) for key in keys]


def _line(rulebook: Rulebook, level: str, cells: Sequence[int]) -> Line:
    return Line((level,), tuple(_at(rulebook, relation, cell) for relation, cell in zip(RELATIONS, cells, strict=True)))


def _at(rulebook: Rulebook, relation: str, cell: int) -> At:
    def read(*keys: str) -> tuple[Value, ...]:
        return tuple(_benefit(rulebook, BY_KEY[key], cell) for key in keys)

    [prepayment] = read("prepayment")
    return At(
        relation,
        read("deductible", "ratio", "limit"),
        prepayment if prepayment.number else None,
        read("major_counts", "relief_counts"),
    )


def _together(lines: Sequence[Line]) -> list[Line]:
    """Levels with the same values as one line, in the order in which they come."""
    merged: dict[tuple[tuple[tuple[str, bool], ...], ...], Line] = {}
    for line in lines:
        seen = tuple(place.shown() for place in line.places)
        merged[seen] = replace(merged[seen], levels=(*merged[seen].levels, *line.levels)) if seen in merged else line
    return list(merged.values())


def _benefit(rulebook: Rulebook, mechanism: Mechanism, cell: int) -> Value:
    number = int(rulebook.benefits[cell, mechanism.column])
    covered = bool(rulebook.benefits[cell, layout.COVERED])
    grounds = _grounds(rulebook, int(rulebook.benefits_cited[cell, mechanism.column]))
    if not covered and mechanism.key != "covered":
        # Said by a ratio of nothing where there is one, else by what the set does not cover.
        grounds = grounds or _grounds(rulebook, int(rulebook.benefits_cited[cell, layout.COVERED]))
        return Value(mechanism, number, phrasing.NOT_COVERED, grounds, is_covered=False)
    if mechanism.unit is Unit.POOL:
        return Value(mechanism, number, phrasing.value_of(grounds[0]) if grounds else phrasing.EACH_TIME, grounds)
    return Value(mechanism, number, phrasing.value(mechanism, number), grounds)


def _grounds(rulebook: Rulebook, cited: int) -> tuple[Row, ...]:
    return () if cited == NO_CITATION else tuple(rulebook.rows[row] for row in rulebook.citations[cited])


def _place(rulebook: Rulebook, person: Person) -> tuple[int, int]:
    period = rulebook.period_of(person.day)
    if period < 0:
        raise BusinessError(
            "policy.not_in_force", f"{person.day} 没有生效的待遇政策，请改看 {rulebook.starts[0]} 以后的日子。"
        )
    if person.pool not in {name for name, _ in living_pools(rulebook, person.day)}:
        raise BusinessError("policy.unknown_label", f"{person.day} 没有统筹区“{person.pool}”，请另选统筹区或日期。")
    return period, rulebook.pools.index(person.pool)


def _benefit_cell(rulebook: Rulebook, person: Person, visit: Visit) -> int:
    period, pool = _place(rulebook, person)
    at = rulebook.offsets
    return (
        period * at.period
        + pool * at.pool
        + at.person[person.scheme, person.employment]
        + at.care[visit.care]
        + at.level[visit.level]
        + at.relation[visit.relation]
        + at.filing[visit.filing]
        + at.signed[visit.signed]
        + at.chronic[person.chronic]
    )


def _protection_cell(rulebook: Rulebook, person: Person) -> int:
    period, pool = _place(rulebook, person)
    at = rulebook.offsets
    return (
        period * at.protection_period
        + pool * at.protection_pool
        + at.protection_person[person.scheme, person.employment]
        + at.relief[person.relief]
        + at.poor[person.registered_poor]
    )

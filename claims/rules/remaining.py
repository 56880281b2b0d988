"""What is left of each yearly limit: the person-year is run once more, and its accumulators are read. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bureau.kernel.terms import Care, Level
from bureau.kernel.trace import Source
from bureau.policy.rules import layout
from bureau.policy.rules.mechanisms import Mechanism
from bureau.policy.rules.rulebook import Rulebook, value_text
from bureau.policy.rules.vocabulary import MECHANISMS
from claims.rules.facts import ClaimFacts, Encoder
from claims.rules.person_year import used_in_year

_BY_KEY = {mechanism.key: mechanism for mechanism in MECHANISMS.values()}
_YEARLY = (("deductible", layout.DEDUCTIBLE_POOL), ("limit", layout.LIMIT_POOL))
_TITLES = {"deductible": "起付标准", "limit": "年度最高支付限额"}


@dataclass(frozen=True, slots=True)
class Room:
    """One yearly line: `limit` is None where there is none; `is_threshold` is a line to be reached, not to be kept."""

    title: str
    limit: int | None
    used: int
    is_threshold: bool
    sources: tuple[Source, ...]

    @property
    def left(self) -> int | None:
        """What is still open below the line."""
        return None if self.limit is None else max(0, self.limit - self.used)


def remaining(rulebook: Rulebook, claims: Sequence[ClaimFacts], standing: ClaimFacts, *, on: date) -> list[Room]:
    """Every yearly line that holds on `on` for a person of this standing, with what the year's claims have used.

    Of `standing` only the person's facts count (scheme, employment, relief, poverty, area, chronic diseases).
    """
    encoder = Encoder(rulebook)
    here = replace(standing, service_date=on, care_area=standing.insured_area, filing=True, signed=False)
    used = used_in_year(rulebook, claims)
    _, protection = encoder.encode(here)
    return [*_pools(rulebook, encoder, here, used), *_protections(rulebook, protection, used)]


@dataclass(slots=True)
class _Line:
    """The cells of one accumulator that have the same value."""

    cell: int
    cares: list[Care]
    levels: list[Level]


def _pools(rulebook: Rulebook, encoder: Encoder, here: ClaimFacts, used: Sequence[int]) -> Iterator[Room]:
    lines: dict[tuple[int, int, str], _Line] = {}
    levels_of: dict[int, set[Level]] = {}
    cap: int | None = None
    for care in Care:
        for level in Level:
            cell, _ = encoder.encode(replace(here, care=care.value, level=level.value))
            row = rulebook.benefit_row(cell)
            if not row[layout.COVERED] or not row[layout.RATIO]:
                continue
            cap = cell if cap is None else cap
            for key, column in _YEARLY:
                pool = row[column]
                if pool == layout.PER_CLAIM:
                    continue
                levels_of.setdefault(pool, set()).add(level)
                line = lines.setdefault((pool, row[_BY_KEY[key].column], key), _Line(cell, [], []))
                line.cares += [care] if care not in line.cares else []
                line.levels += [level] if level not in line.levels else []
    for (pool, limit, key), line in lines.items():
        if key == "deductible" and limit == 0:
            continue
        title = f"{'、'.join(care.label for care in line.cares)}{_TITLES[key]}"
        if len(line.levels) < len(levels_of[pool]):
            title = f"{title}（{'、'.join(level.label for level in line.levels)}）"
        yield _room(rulebook, _BY_KEY[key], title, line.cell, used[pool], is_threshold=key == "deductible")
    if cap is not None:
        yield _room(rulebook, _BY_KEY["pooled_cap"], "统筹基金年度最高支付限额", cap, used[layout.USED_POOLED])


def _protections(rulebook: Rulebook, row: int, used: Sequence[int]) -> Iterator[Room]:
    values = rulebook.protection_row(row)
    if values[layout.BAND_COUNT]:
        reached = used[layout.USED_EXPENSE]
        yield _room(
            rulebook, _BY_KEY["major_deductible"], "大病保险起付标准（自付累计）", row, reached, is_threshold=True
        )
        yield _room(rulebook, _BY_KEY["major_cap"], "大病保险年度最高支付限额", row, used[layout.USED_MAJOR])
    if not values[layout.RELIEF_ENTITLED]:
        return
    if values[layout.RELIEF_DEDUCTIBLE]:
        reached = used[layout.USED_RELIEF_DEDUCTIBLE]
        yield _room(rulebook, _BY_KEY["relief_deductible"], "医疗救助起付标准", row, reached, is_threshold=True)
    yield _room(rulebook, _BY_KEY["relief_cap"], "医疗救助年度限额", row, used[layout.USED_RELIEF])
    if values[layout.RELIEF_OUTPATIENT_LIMIT] != layout.UNLIMITED:
        reached = used[layout.USED_RELIEF_OUTPATIENT]
        yield _room(rulebook, _BY_KEY["relief_outpatient_limit"], "门诊救助年度限额", row, reached)


def _room(
    rulebook: Rulebook, mechanism: Mechanism, title: str, row: int, used: int, *, is_threshold: bool = False
) -> Room:
    is_benefit = mechanism.table == "benefit"
    values = rulebook.benefit_row(row) if is_benefit else rulebook.protection_row(row)
    cited = (rulebook.benefits_cited if is_benefit else rulebook.protections_cited)[row, mechanism.column]
    limit = values[mechanism.column]
    return Room(
        title=title,
        limit=None if limit == layout.UNLIMITED else limit,
        used=used,
        is_threshold=is_threshold,
        sources=rulebook.sources(int(cited), value_text(mechanism, limit)),
    )

"""What a person has used of each yearly deductible, limit and cap, and what is left on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bureau.kernel.terms import Care
from bureau.policy.rules import layout
from bureau.policy.rules.rulebook import Rulebook
from claims.rules.facts import ClaimFacts, Encoder
from claims.rules.person_year import used_in_year

_CARES = (Care.OUTPATIENT, Care.CHRONIC, Care.TWO_DISEASES)


@dataclass(frozen=True, slots=True)
class Balance:
    """One yearly amount in fen; `limit` is None where there is none."""

    name: str
    title: str
    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        """What is left of it this year."""
        return None if self.limit is None else max(0, self.limit - self.used)


def balances(rulebook: Rulebook, claims: Sequence[ClaimFacts], standing: ClaimFacts) -> list[Balance]:
    """The person's yearly amounts after these claims, by the person's facts of the day (`standing`)."""
    encoder = Encoder(rulebook)
    used = used_in_year(rulebook, claims)
    found = []
    for care in _CARES:
        cell, protection = encoder.encode(replace(standing, care=care.value))
        benefit = rulebook.benefit_rows[cell]
        if not benefit[layout.COVERED]:
            continue
        for column, pool, title in (
            (layout.DEDUCTIBLE, layout.DEDUCTIBLE_POOL, "起付标准"),
            (layout.LIMIT, layout.LIMIT_POOL, "年度限额"),
        ):
            if benefit[pool] != layout.PER_CLAIM and benefit[column]:
                name = rulebook.accumulators[benefit[pool] - layout.FIRST_POOL]
                found.append(_balance(name, f"{care.label}{title}", used[benefit[pool]], benefit[column]))
    found.append(_balance("pooled", "统筹基金年度封顶", used[layout.USED_POOLED], benefit[layout.POOLED_CAP]))
    row = rulebook.protection_rows[protection]
    if row[layout.BAND_COUNT]:
        line = row[layout.MAJOR_DEDUCTIBLE]
        found.append(_balance("major_deductible", "大病起付标准（累计自付）", used[layout.USED_EXPENSE], line))
        found.append(_balance("major", "大病保险年度封顶", used[layout.USED_MAJOR], row[layout.MAJOR_CAP]))
    if row[layout.RELIEF_ENTITLED]:
        line = row[layout.RELIEF_DEDUCTIBLE]
        found.append(_balance("relief_deductible", "救助起付标准", used[layout.USED_RELIEF_DEDUCTIBLE], line))
        found.append(_balance("relief", "医疗救助年度封顶", used[layout.USED_RELIEF], row[layout.RELIEF_CAP]))
    return found


def _balance(name: str, title: str, used: int, limit: int) -> Balance:
    return Balance(name, title, used, None if limit == layout.UNLIMITED else limit)

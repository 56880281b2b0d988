"""Judge the rows of a batch: what the file says, what is known of the people, what stands on the list.

The same judgement is made when a file is staged, when a row is settled, and under lock when it is confirmed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bureau import walls
from bureau.kernel.periods import Month
from bureau.organization.selectors.areas import towns_of
from enrollment.selectors import coverage
from relief.rules.roster import Comparison, RosterRow, compare, mark_duplicates
from relief.selectors import statuses
from relief.terms import RosterIssue

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from bureau.trail.models import ImportBatch
    from enrollment.selectors.coverage import CoverageFacts

_FOUND_HERE = frozenset(
    {
        RosterIssue.DECEASED,
        RosterIssue.NAME_MISMATCH,
        RosterIssue.OTHER_AREA,
        RosterIssue.AREA_UNKNOWN,
        RosterIssue.NOT_ENROLLED,
        RosterIssue.ENROLLED_ELSEWHERE,
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The comparison, whom the ID numbers mean, and the fingerprint that a second person confirms."""

    comparison: Comparison
    person_ids: Mapping[str, int]
    digest: str


# People of a list may be insured, or stand on a list, in another county.
@walls.as_system()
def judge(batch: ImportBatch, rows: Sequence[RosterRow], *, set_aside: Collection[int]) -> Judgement:
    """Verdicts of all rows against the list as it will stand at the end of the batch's month."""
    day = Month.parse(batch.month).end
    standing = statuses.standing_list(batch.source, batch.area_code, day)
    known = coverage.facts_for((row.id_number, day) for row in rows if row.id_number)
    facts = {id_number: found for (id_number, _), found in known.items()}

    aside = [row if row.line in set_aside else _without_findings(row) for row in rows]
    marked = mark_duplicates(aside, set_aside=set_aside)
    # What was set aside stays in error, also where the row it contradicted has gone.
    marked = [before if before.line in set_aside else row for before, row in zip(rows, marked, strict=True)]
    checked = _Checks(batch, facts, day).of(marked)

    comparison = compare(checked, standing.values())
    person_ids = {id_number: found.person_id for id_number, found in facts.items()}
    person_ids.update((person.id_number, person_id) for person_id, person in standing.items())
    return Judgement(comparison, person_ids, _digest(comparison))


class _Checks:
    """What the files of people and areas say against a row."""

    def __init__(self, batch: ImportBatch, facts: Mapping[str, CoverageFacts], day: date) -> None:
        self.area_code = batch.area_code
        self.facts = facts
        self.day = day
        self.elsewhere = statuses.listed_elsewhere(
            batch.source, batch.area_code, [found.person_id for found in facts.values()], day
        )
        self.towns = towns_of(batch.area_code)

    def of(self, rows: Sequence[RosterRow]) -> list[RosterRow]:
        return [self._checked(row) for row in rows]

    def _checked(self, row: RosterRow) -> RosterRow:
        if row.error:
            return row
        if row.town and self.towns and row.town not in self.towns:
            return row.failing(RosterIssue.AREA_UNKNOWN, f"本区划没有“{row.town}”，请改正乡镇（街道）或移出本批。")
        found = self.facts.get(row.id_number)
        if found is None:
            return row.warned(RosterIssue.NOT_ENROLLED, "尚未参保，请及时动员参保。")
        return self._known(row, found)

    def _known(self, row: RosterRow, found: CoverageFacts) -> RosterRow:
        if found.deceased_on is not None and found.deceased_on < self.day:
            return row.failing(RosterIssue.DECEASED, f"该人员已于 {found.deceased_on} 死亡，请移出本批并告知来源部门。")
        if found.name != row.name:
            return row.failing(
                RosterIssue.NAME_MISMATCH, f"个人档案的姓名是{found.name}，本行是{row.name}，请核实身份证号与姓名。"
            )
        if found.person_id in self.elsewhere:
            return row.failing(
                RosterIssue.OTHER_AREA, f"该人员已在{self.elsewhere[found.person_id]}的名单上，请先由当地退出。"
            )
        if not found.scheme:
            return row.warned(RosterIssue.NOT_ENROLLED, "尚未参保，请及时动员参保。")
        if not found.insured_area.startswith(self.area_code):
            return row.warned(RosterIssue.ENROLLED_ELSEWHERE, "参保地不在本区划，待遇在参保地享受。")
        return row


def _without_findings(row: RosterRow) -> RosterRow:
    """The row as the file alone gives it; what others say of it is asked again."""
    kept = tuple(warning for warning in row.warnings if warning[0] not in _FOUND_HERE)
    if row.error in _FOUND_HERE:
        return replace(row, error="", message="", warnings=kept)
    return replace(row, warnings=kept)


def _digest(comparison: Comparison) -> str:
    lines = [
        f"{judged.row.line}|{judged.verdict}|{judged.row.id_number}|{judged.row.name}|{judged.row.error}"
        f"|{','.join(judged.begins)}|{','.join(judged.ends)}"
        for judged in comparison.verdicts
    ]
    lines += [f"exit|{person.id_number}|{','.join(person.categories)}" for person in comparison.exits]
    lines += [f"held|{held.standing.id_number}|{held.line}" for held in comparison.held]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

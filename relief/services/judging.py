"""Judge the rows of a batch: what the file says, what is known of the people, what stands on the list.

The same judgement is made when a file is staged, when a row is settled, and under lock when it is confirmed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bureau import walls
from bureau.kernel.periods import Month
from bureau.organization.selectors.areas import towns_of
from enrollment.selectors import coverage
from relief.rules.roster import Comparison, RosterRow, compare, mark_duplicates
from relief.selectors import statuses
from relief.terms import RosterIssue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from bureau.trail.models import ImportBatch
    from enrollment.selectors.coverage import Known

ASKED_AT_ONCE = 5_000

# What the file alone does not say: it is asked again each time.
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
def judge(batch: ImportBatch, rows: Iterable[RosterRow], *, set_aside: Collection[int]) -> Judgement:
    """Verdicts of all rows against the list as it will stand at the end of the batch's month."""
    day = Month.parse(batch.month).end
    # One list, changed in place: of a row that is made anew, the former one is not kept.
    found = [row if row.line in set_aside else row.without(_FOUND_HERE) for row in rows]
    aside = [(place, row) for place, row in enumerate(found) if row.line in set_aside]
    found = mark_duplicates(found, set_aside=set_aside)
    # What was set aside stays in error, also where the row it contradicted has gone.
    for place, row in aside:
        found[place] = row
    checks = _Checks(batch, day)
    checks.apply(found)

    person_ids = checks.person_ids
    listed = {person_ids[row.id_number]: row for row in found if row.id_number in person_ids}
    standing = statuses.standing_list(batch.source, batch.area_code, day, listed=listed)
    comparison = compare(found, standing.values())
    person_ids.update((person.id_number, person_id) for person_id, person in standing.items())
    return Judgement(comparison, person_ids, _digest(comparison))


class _Checks:
    """What the files of people and areas say against a row, asked for some thousands of rows at a time."""

    def __init__(self, batch: ImportBatch, day: date) -> None:
        self.source = batch.source
        self.area_code = batch.area_code
        self.day = day
        self.towns = towns_of(batch.area_code)
        self.person_ids: dict[str, int] = {}
        self.facts: Mapping[str, Known] = {}
        self.elsewhere: Mapping[int, str] = {}

    def apply(self, rows: list[RosterRow]) -> None:
        """Put in error, or warn of, what is known to be so."""
        for start in range(0, len(rows), ASKED_AT_ONCE):
            some = rows[start : start + ASKED_AT_ONCE]
            self._ask(some)
            rows[start : start + ASKED_AT_ONCE] = map(self._checked, some)

    def _ask(self, rows: Sequence[RosterRow]) -> None:
        self.facts = coverage.known_on((row.id_number for row in rows if row.id_number), self.day)
        person_ids = {id_number: found.person_id for id_number, found in self.facts.items()}
        self.elsewhere = statuses.listed_elsewhere(self.source, self.area_code, person_ids.values(), self.day)
        self.person_ids |= person_ids

    def _checked(self, row: RosterRow) -> RosterRow:
        if row.error:
            return row
        if row.town and self.towns and row.town not in self.towns:
            return row.failing(RosterIssue.AREA_UNKNOWN, f"本区划没有“{row.town}”，请改正乡镇（街道）或移出本批。")
        found = self.facts.get(row.id_number)
        if found is None:
            return row.warned(RosterIssue.NOT_ENROLLED, "尚未参保，请及时动员参保。")
        return self._known(row, found)

    def _known(self, row: RosterRow, found: Known) -> RosterRow:
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


def _digest(comparison: Comparison) -> str:
    digest = hashlib.sha256()
    for number, line in enumerate(_told(comparison)):
        digest.update(f"\n{line}".encode() if number else line.encode())
    return digest.hexdigest()


def _told(comparison: Comparison) -> Iterator[str]:
    """What a second person confirms, line by line."""
    moves: dict[object, str] = {}
    for judged in comparison.verdicts:
        row, standing = judged.row, judged.standing
        move = row.categories, standing.categories if standing else ()
        if move not in moves:
            moves[move] = f"{','.join(judged.begins)}|{','.join(judged.ends)}"
        yield f"{row.line}|{judged.verdict}|{row.id_number}|{row.name}|{row.error}|{moves[move]}"
    for person in comparison.exits:
        yield f"exit|{person.id_number}|{','.join(person.categories)}"
    for held in comparison.held:
        yield f"held|{held.standing.id_number}|{held.line}"

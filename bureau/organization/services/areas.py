"""Load the areas: many at once, from the top down; what is the same already stays untouched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Area
from bureau.organization.services.permits import check_city, check_may
from bureau.organization.terms import AreaLevel, Duty
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bureau.organization.models import Staff

_LEVELS = (AreaLevel.OUTSIDE, AreaLevel.CITY, AreaLevel.COUNTY, AreaLevel.TOWN)
_DIGITS = {AreaLevel.OUTSIDE: (6,), AreaLevel.CITY: (6,), AreaLevel.COUNTY: (6,), AreaLevel.TOWN: (9, 12)}


class AreaRow(NamedTuple):
    """One area; `parent` is the code of the area above it."""

    code: str
    name: str
    level: AreaLevel
    parent: str | None


@transaction.atomic
def load(rows: Iterable[tuple[str, str, AreaLevel, str | None]], *, by: Staff | None) -> int:
    """Add the new ones, rename or move the known ones; how many were touched. Without `by`: when installing."""
    check_may(by, Duty.SYSTEM)
    check_city(by)
    wanted = sorted((AreaRow(*row) for row in rows), key=lambda row: (_LEVELS.index(row.level), row.code))
    known = {area.code: area for area in Area.objects.all()}
    _check(wanted, known)

    touched = [row for row in wanted if row.code not in known or not _is_same(known[row.code], row)]
    if not touched:
        return 0

    Area.objects.bulk_create(
        [Area(code=row.code, name=row.name, level=row.level.value, parent_id=row.parent) for row in touched],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent"],
    )

    actions.record(
        action="organization.areas.loaded",
        subject_kind="organization.area",
        subject_key=touched[0].code if len(touched) == 1 else "",
        summary=f"载入区划 {len(touched)} 个。",
        detail={"codes": [row.code for row in touched][:200]},
        by=by,
    )
    return len(touched)


def _is_same(area: Area, row: AreaRow) -> bool:
    return (area.name, area.level, area.parent_id) == (row.name, row.level.value, row.parent)


def _check(rows: Sequence[AreaRow], known: dict[str, Area]) -> None:
    above = {code: AreaLevel(area.level) for code, area in known.items()} | {row.code: row.level for row in rows}
    for row in rows:
        if not row.code.isascii() or not row.code.isdigit() or len(row.code) not in _DIGITS[row.level]:
            raise BusinessError("organization.area_code", f"区划代码“{row.code}”（{row.name}）与层级不符。")
        if not _stands_under(row, above):
            raise BusinessError("organization.area_parent", f"“{row.name}”（{row.code}）的上级区划不对，请核对。")


def _stands_under(row: AreaRow, above: dict[str, AreaLevel]) -> bool:
    if row.level in (AreaLevel.CITY, AreaLevel.OUTSIDE):
        return row.parent is None
    if row.parent is None:
        return False
    if row.level is AreaLevel.COUNTY:
        return above.get(row.parent) is AreaLevel.CITY and row.code[:4] == row.parent[:4]
    return above.get(row.parent) is AreaLevel.COUNTY and row.code.startswith(row.parent)

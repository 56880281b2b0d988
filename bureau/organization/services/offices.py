"""Open offices: many at once; an office that exists stays, its kind is corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.models import Office
from bureau.organization.selectors.areas import known_areas
from bureau.organization.services.permits import check_may, check_reaches
from bureau.organization.terms import Duty, OfficeKind
from bureau.trail.services import actions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bureau.organization.models import Staff


@transaction.atomic
def load(rows: Iterable[tuple[str, str, OfficeKind]], *, by: Staff | None) -> dict[tuple[str, str], Office]:
    """Offices of (area code, name, kind), found again by (area code, name). Without `by`: when installing."""
    check_may(by, Duty.SYSTEM)
    wanted = {(area_code, name.strip()): kind for area_code, name, kind in rows}
    codes = {area_code for area_code, _ in wanted}
    check_reaches(by, *codes)
    unknown = codes - known_areas(codes)
    if unknown:
        raise BusinessError("organization.area_unknown", f"没有代码为 {min(unknown)} 的区划，请先载入区划。")
    known = {(office.area_id, office.name): office for office in Office.objects.filter(area__in=codes)}

    touched = [key for key, kind in wanted.items() if key not in known or known[key].kind != kind.value]
    Office.objects.bulk_create(
        [Office(area_id=area, name=name, kind=wanted[area, name].value) for area, name in touched],
        update_conflicts=True,
        unique_fields=["area", "name"],
        update_fields=["kind"],
    )

    if touched:
        actions.record(
            action="organization.offices.opened",
            subject_kind="organization.office",
            subject_key="",
            summary=f"设立科室窗口 {len(touched)} 个：{'、'.join(name for _, name in touched[:5])}。"[:400],
            by=by,
        )
    found = Office.objects.filter(area__in=codes)
    return {(office.area_id, office.name): office for office in found if (office.area_id, office.name) in wanted}

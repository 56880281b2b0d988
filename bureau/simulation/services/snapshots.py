"""A snapshot is written once, under a key, and then only read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import areas
from bureau.simulation.models import Snapshot
from bureau.simulation.rules import snapshots as rules
from bureau.simulation.rules.snapshots import Row
from bureau.simulation.selectors.snapshots import path_of
from bureau.trail.services import actions
from claims.selectors import snapshot as claims

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@transaction.atomic
def build(*, valid_from: date, valid_until: date, repeat: int = 1, by: Staff | None) -> Snapshot:
    """The adjudicated claims of a period from the database; the same claims again are the same snapshot."""
    key = f"{valid_from:%Y%m}-{valid_until:%Y%m}" + (f"-x{repeat}" if repeat > 1 else "")
    name = f"{valid_from} 至 {valid_until} 的单据" + (f"（重复 {repeat} 遍，仅供测速）" if repeat > 1 else "")
    rows = (Row(*row) for row in claims.adjudicated(valid_from, valid_until))
    return _keep(key, name, "mianyang", valid_from, valid_until, rows, is_synthetic=repeat > 1, repeat=repeat, by=by)


@transaction.atomic
def keep_invented(
    *,
    key: str,
    name: str,
    city: str,
    valid_from: date,
    valid_until: date,
    rows: Iterable[Row],
    repeat: int = 1,
    by: Staff | None,
) -> Snapshot:
    """Invented claims as a snapshot, marked so."""
    return _keep(key, name, city, valid_from, valid_until, rows, is_synthetic=True, repeat=repeat, by=by)


def _keep(
    key: str,
    name: str,
    city: str,
    valid_from: date,
    valid_until: date,
    rows: Iterable[Row],
    *,
    is_synthetic: bool,
    repeat: int,
    by: Staff | None,
) -> Snapshot:
    fresh = path_of(f"{key}-{uuid4().hex}")
    written = rules.write(fresh, rows, repeat=repeat)
    if written.claims == 0:
        fresh.unlink()
        raise BusinessError("simulation.no_claims", f"{valid_from} 至 {valid_until} 没有核算过的单据，无可测算。")
    # What a simulation runs over never changes under it: other claims are another file.
    key = f"{key}-{written.sha256[:12]}"
    fresh.replace(path_of(key))
    found, is_new = Snapshot.objects.get_or_create(
        key=key,
        defaults={
            "name": name,
            "area": areas.city_area(),
            "city": city,
            "valid_from": valid_from,
            "valid_until": valid_until,
            "claims": written.claims,
            "persons": written.persons,
            "person_years": written.person_years,
            "sha256": written.sha256,
            "is_synthetic": is_synthetic,
        },
    )
    if not is_new:
        return found
    actions.record(
        action="simulation.snapshot.built",
        subject_kind="snapshot",
        subject_key=key,
        summary=f"生成费用快照{found}：{written.claims:,} 张单据，{written.persons:,} 人。",
        detail={"sha256": written.sha256},
        by=by,
    )
    return found

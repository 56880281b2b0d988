"""A scenario keeps the bytes of both laws: it never writes policy, and nothing that happens to policy changes it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors import areas
from bureau.organization.selectors.scope import is_city
from bureau.policy.rules import packs
from bureau.simulation.models import Scenario
from bureau.simulation.rules.scenarios import Change, changed
from bureau.trail.services import actions

if TYPE_CHECKING:
    from bureau.organization.models import Staff


@transaction.atomic
def create(
    *,
    name: str,
    base: bytes,
    base_year: int | None = None,
    other: bytes | None = None,
    year: int | None = None,
    changes: Sequence[Change] = (),
    by: Staff,
) -> Scenario:
    """A law to compare with, and another: `other` (or the same) with `changes`, each for the year named or its own."""
    if not is_city(by):
        raise BusinessError("simulation.city_only", "测算用全市的单据，只由市级办理。")
    rulebook = packs.load_bytes(base)
    content = other or base
    if packs.load_bytes(content).city != rulebook.city:
        raise BusinessError("simulation.other_city", "对照和方案不是同一个城市的政策。")
    if changes:
        content = changed(content, changes, name)
    if content == base and year == base_year:
        raise BusinessError(
            "simulation.nothing_changed", "方案与对照完全相同，请至少改一个数，或换一部政策、一个年份。"
        )

    scenario = Scenario.objects.create(
        name=name,
        area=areas.city_area(),
        city=rulebook.city,
        base_content=base,
        base_sha256=rulebook.sha256,
        base_year=base_year,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        year=year,
        changes=[change.to_json() for change in changes],
        created_by=by,
    )

    _record(scenario, "created", f"建立测算方案“{scenario}”。", by)
    return scenario


@transaction.atomic
def delete(scenario: Scenario, *, by: Staff) -> None:
    """Take a scenario away with its results; the line in the log stays."""
    if not is_city(by):
        raise BusinessError("simulation.city_only", "测算方案只由市级办理。")
    if scenario.simulations.filter(stage="computing").exists():
        raise BusinessError("simulation.running", "方案正在计算，请先取消计算，再删除。")
    _record(scenario, "deleted", f"删除测算方案“{scenario}”及其结果。", by)
    scenario.delete()


def _record(scenario: Scenario, action: str, summary: str, by: Staff) -> None:
    actions.record(
        action=f"simulation.scenario.{action}",
        subject_kind="scenario",
        subject_key=str(scenario.pk),
        summary=summary,
        detail={"base": scenario.base_sha256, "sha256": scenario.sha256},
        by=by,
    )

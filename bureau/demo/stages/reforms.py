"""Two reforms as scenarios with their reports, the demo's own claims to try others on, a draft that waits."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bureau.demo import years
from bureau.demo.city import MONTHS, City
from bureau.demo.city import draw as draw_city
from bureau.demo.sizes import SMALL
from bureau.demo.stages.colleagues import colleague
from bureau.kernel.errors import BusinessError
from bureau.kernel.periods import Month
from bureau.policy.rules import packs
from bureau.policy.selectors import releases as laws
from bureau.policy.services import drafts, releases
from bureau.policy.terms import ReleaseStage
from bureau.simulation.selectors import simulations as selectors
from bureau.simulation.services import scenarios, simulations, snapshots
from bureau.simulation.terms import SimulationStage

if TYPE_CHECKING:
    from bureau.simulation.models import Snapshot

POOLING = "杭州四个统筹区并为一个（2021 年单据按 2022 年政策）"
OUTPATIENT = "绵阳职工门诊共济（2022 年单据按 2023 年政策）"
DRAFT = Path(__file__).parent.parent / "drafts" / "mianyang-outpatient-2024.yaml"
BEGINS = date(2024, 1, 1)
NOTE = "示例：2024 年起在职职工三级医院门诊多报五个百分点（虚构，供复核岗练习核对）"


def simulate(city: City) -> str:
    """The reports of both reforms, computed here: some seconds."""
    snapshots.build(valid_from=MONTHS[0], valid_until=Month.of(MONTHS[-1]).next().first_day, by=None)
    if selectors.of_scenario(POOLING) is None:
        invented = snapshots.keep_invented(
            key="hangzhou-2021",
            name="杭州 2021 年虚构单据",
            city="hangzhou",
            valid_from=date(2021, 1, 1),
            valid_until=date(2022, 1, 1),
            rows=years.hangzhou(city.seed),
            by=None,
        )
        _report(POOLING, "hangzhou", 2022, invented)
    if selectors.of_scenario(OUTPATIENT) is None:
        small = city if city.size == SMALL else draw_city("mianyang", SMALL, city.seed)
        invented = snapshots.keep_invented(
            key="mianyang-2022",
            name="绵阳 2022 年虚构单据",
            city="mianyang",
            valid_from=date(2022, 1, 1),
            valid_until=date(2023, 1, 1),
            rows=years.mianyang(small, 2022),
            by=None,
        )
        _report(OUTPATIENT, "mianyang", 2023, invented)
    return "测算：杭州市级统筹、绵阳门诊共济两份报告"


def draft(city: City) -> str:
    """One draft on the law in force, handed to the second person. From 2024 on: no claim of the demo is touched."""
    by = colleague("policy-city")
    release = laws.noted("mianyang", NOTE)
    if release is None:
        base = laws.in_force("mianyang")
        if base is None:
            raise BusinessError("demo.no_law", "没有现行政策，示例草稿无从起草。请重新执行 demo_city。")
        release = drafts.start(base=base, note=NOTE, by=by)
    if release.stage == ReleaseStage.DRAFT:
        if DRAFT.name not in laws.files_of(release):
            release = drafts.add_document(release, document_id=DRAFT.stem, title=NOTE, valid_from=BEGINS, by=by)
        text = DRAFT.read_text(encoding="utf-8")
        release = drafts.save_document(release, name=DRAFT.name, text=text, expected=release.sha256, by=by)
        release = releases.submit(release, by=by)
    return f"示例草稿：{release}（{release.get_stage_display()}）"


def _report(name: str, city: str, year: int, snapshot: Snapshot) -> None:
    by = colleague("policy-city")
    scenario = scenarios.create(name=name, base=packs.pack_bytes(city), year=year, by=by)
    simulation = simulations.start(scenario=scenario, snapshot=snapshot, by=by)
    while simulation.stage == SimulationStage.COMPUTING:
        found = simulations.work(simulation.run_id or 0)
        if found is None or found.stage == SimulationStage.FAILED:
            raise BusinessError("demo.simulation", f"测算“{name}”未能完成，详见作业。")
        simulation = found
        if simulation.stage == SimulationStage.COMPUTING:
            # A worker has the rest in hand.
            time.sleep(0.2)

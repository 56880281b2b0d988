"""Run a scenario over a snapshot: steps of row groups in the worker, sums kept step by step, the report at the end."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bureau.kernel.errors import BusinessError
from bureau.organization.selectors.scope import is_city
from bureau.policy.rules import packs
from bureau.simulation.models import Scenario, Simulation, SimulationPart
from bureau.simulation.rules import compiled, report, running
from bureau.simulation.selectors import simulations as selectors
from bureau.simulation.selectors.snapshots import path_of
from bureau.simulation.terms import SimulationStage
from bureau.trail import selectors as trail
from bureau.trail.services import actions, runs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bureau.organization.models import Staff
    from bureau.policy.rules.rulebook import Rulebook
    from bureau.simulation.models import Snapshot
    from bureau.trail.models import Step

JOB = "simulation.run"
# Row groups of a step: some two million claims, a second or two of work.
GROUPS_A_STEP = 32
# Fewer claims than this are sooner done by the plain kernel than the compiled one is loaded.
PLAIN_UNTIL = 30_000


def start(
    *, scenario: Scenario, snapshot: Snapshot, reserves: Mapping[str, int] | None = None, by: Staff
) -> Simulation:
    """Compute a scenario over a snapshot; the same pair again gives the simulation that is there."""
    if not is_city(by):
        raise BusinessError("simulation.city_only", "测算用全市的单据，只由市级办理。")
    if scenario.city != snapshot.city:
        raise BusinessError("simulation.other_city", "方案和快照不是同一个城市的，请另选快照。")
    return _start(scenario, snapshot, reserves or {}, by)


@transaction.atomic
def _start(scenario: Scenario, snapshot: Snapshot, reserves: Mapping[str, int], by: Staff) -> Simulation:
    simulation, is_new = Simulation.objects.get_or_create(
        scenario=scenario,
        snapshot=snapshot,
        defaults={"area": snapshot.area, "reserves": dict(reserves), "created_by": by},
    )
    if not is_new:
        return simulation
    # What does not fit together is refused here, before a worker takes it up.
    groups = _plan(simulation.pk).groups
    run, _ = runs.open_run(job=JOB, period=str(simulation.pk), by=by)
    runs.add_steps(run, keys=[f"{first:06d}" for first in range(0, groups, GROUPS_A_STEP)])
    simulation.run_id = run.pk
    simulation.save(update_fields=["run_id"])
    _record(simulation, "started", f"开始测算{simulation}。", by)
    runs.start(JOB, run_id=run.pk)
    return simulation


def work(run_id: int, *, seconds: float | None = None) -> Simulation | None:
    """Carry a simulation on as far as time allows; gives it as it stands."""
    simulation = selectors.for_run(run_id)
    if simulation is None or simulation.stage != SimulationStage.COMPUTING:
        return simulation
    plan = _plan(simulation.pk)
    functions = compiled.PLAIN
    if simulation.snapshot.claims > PLAIN_UNTIL:
        # Before any transaction: compiling for the first time takes longer than a transaction may idle.
        functions = compiled.functions(Path(settings.COMPILED_DIR))

    def perform(step: Step) -> None:
        first = int(step.key)
        sums = plan.run(range(first, min(first + GROUPS_A_STEP, plan.groups)), functions)
        SimulationPart.objects.update_or_create(
            simulation=simulation, key=step.key, defaults={"content": sums.to_bytes()}
        )

    runs.work(run_id, perform, seconds=seconds)
    return _finish(simulation.pk, plan)


@transaction.atomic
def _finish(simulation_id: int, plan: running.Plan) -> Simulation:
    simulation = Simulation.objects.select_for_update(of=("self",)).select_related("snapshot").get(pk=simulation_id)
    if simulation.stage != SimulationStage.COMPUTING or simulation.run_id is None:
        return simulation
    run = runs.locked(simulation.run_id)
    progress = trail.progress(run.pk)
    if progress.waiting:
        return simulation
    if progress.failed:
        simulation.stage = SimulationStage.FAILED.value
        runs.close_run(run, message="有步骤失败，待人工处理。")
        simulation.save(update_fields=["stage"])
        return simulation

    whole = plan.nothing()
    for content in simulation.parts.values_list("content", flat=True):
        whole.add(running.Sums.from_bytes(bytes(content)))
    simulation.result = report.report(plan, whole)
    simulation.sha256 = report.digest(simulation.result)
    simulation.code_version = compiled.fingerprint()
    simulation.stage = SimulationStage.DONE.value
    simulation.finished_at = timezone.now()
    simulation.save(update_fields=["result", "sha256", "code_version", "stage", "finished_at"])
    simulation.parts.all().delete()
    runs.close_run(run, message="测算完成。")
    _record(simulation, "done", f"完成测算{simulation}，结果指纹 {simulation.sha256[:12]}。", None)
    return simulation


@transaction.atomic
def cancel(simulation: Simulation, *, by: Staff) -> Simulation:
    """Stop after the step in hand; what is computed stays, so that it can be taken up again."""
    simulation = Simulation.objects.select_for_update(of=("self",)).get(pk=simulation.pk)
    if simulation.stage != SimulationStage.COMPUTING or simulation.run_id is None:
        raise BusinessError("simulation.not_running", "这次测算没有在计算，不能取消。")
    runs.cancel(runs.locked(simulation.run_id), reason="已由工作人员取消。")
    simulation.stage = SimulationStage.CANCELED.value
    simulation.save(update_fields=["stage"])
    _record(simulation, "canceled", f"取消测算{simulation}。", by)
    return simulation


@transaction.atomic
def resume(simulation: Simulation, *, by: Staff) -> Simulation:
    """Take up what was canceled or has failed."""
    simulation = Simulation.objects.select_for_update(of=("self",)).get(pk=simulation.pk)
    if simulation.run_id is None or simulation.stage not in (SimulationStage.CANCELED, SimulationStage.FAILED):
        raise BusinessError("simulation.not_stopped", "这次测算没有停下，不必接着算。")
    run = runs.locked(simulation.run_id)
    runs.reopen_failed(run)
    simulation.stage = SimulationStage.COMPUTING.value
    simulation.save(update_fields=["stage"])
    _record(simulation, "resumed", f"接着测算{simulation}。", by)
    runs.start(JOB, run_id=run.pk)
    return simulation


def _plan(simulation_id: int) -> running.Plan:
    simulation = Simulation.objects.select_related("scenario", "snapshot").get(pk=simulation_id)
    scenario = simulation.scenario
    return running.Plan(
        path_of(simulation.snapshot.key),
        running.Law(_rulebook(bytes(scenario.base_content)), scenario.base_year),
        running.Law(_rulebook(bytes(scenario.content)), scenario.year),
    )


@lru_cache(maxsize=4)
def _rulebook(content: bytes) -> Rulebook:
    return packs.load_bytes(content)


def _record(simulation: Simulation, action: str, summary: str, by: Staff | None) -> None:
    actions.record(
        action=f"simulation.{action}",
        subject_kind="simulation",
        subject_key=str(simulation.pk),
        summary=summary,
        detail={"snapshot": simulation.snapshot.sha256, "result": simulation.sha256},
        by=by,
    )

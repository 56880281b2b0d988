"""Two laws over a snapshot: a hundredth of Youxian's year, repeated as other people."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from bureau.demo import years
from bureau.demo.city import draw
from bureau.demo.sizes import size_of
from bureau.policy.rules import packs
from bureau.simulation.rules import compiled, report, running, snapshots
from tests.bench.speeds import SEED, part, seconds

REPEATS = 200


def simulate(scale: float) -> dict[str, float]:
    """Claims of the snapshot a second, each computed under both laws, the compiled functions warm."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "claims.parquet"
        rows = years.mianyang(draw("mianyang", size_of("0.01"), SEED), 2023)
        written = snapshots.write(path, rows, repeat=part(REPEATS, scale))
        law = packs.load_city("mianyang")
        functions = compiled.functions(None)
        used = time.process_time()
        found: dict[str, float] = {}

        def run() -> None:
            plan = running.Plan(path, running.Law(law), running.Law(law, 2022))
            result = report.report(plan, plan.run(range(plan.groups), functions))
            found["simulation_claims"] = result["whole"]["claims"]

        taken = seconds(run)
        used = time.process_time() - used
    return found | {
        "simulation_claims_per_second": written.claims / taken,
        "simulation_cpu_seconds": used,
    }

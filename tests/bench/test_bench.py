"""The benchmark keeps running as the code under it changes; its numbers are for quiet machines."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench import __main__ as main
from tests.conftest import CHECKOUT


@pytest.mark.slow
@pytest.mark.usefixtures("running_services")
def test_prints_a_line_a_figure_and_writes_them_down(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    shown = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--scale=0.002", f"--out={out}"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert shown.returncode == 0, shown.stderr
    figures = json.loads(out.read_text())
    assert [line.split()[0] for line in shown.stdout.splitlines()] == list(figures)
    assert {
        "kernel_plain_claims_per_second",
        "kernel_compiled_over_decimal_reference",
        "adjudicate_fast_claims_per_second",
        "adjudicate_fast_over_decimal_reference",
        "intake_and_adjudication_claims_per_second",
        "verification_claims_per_second",
        "roster_rows_per_second",
        "month_peak_mib",
        "simulation_claims_per_second",
        "walls_person_over_none",
        "history_adjudicate_over_none",
        "cipher_encrypt_us",
        "chain_sealed_lines_per_second",
    } <= set(figures)
    assert figures["roster_rows"] == 200
    assert all(main.unit(figure) for figure in figures)

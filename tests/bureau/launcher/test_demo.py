"""`make demo` in a newcomer's copy: twice, the second time quickly and without a change."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from bureau.launcher import services
from tests.bureau.launcher.conftest import at_work_in


def demo(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "demo", "--serve=no", *options],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )


def months(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line.strip().startswith("2023-0")]


@pytest.mark.slow
def test_the_demo_settles_the_month_on_a_worker_and_a_second_run_changes_nothing(copied_checkout: Path) -> None:
    first = demo(copied_checkout)
    assert first.returncode == 0, first.stderr
    payments = copied_checkout / "var" / "payments-2023-05.csv"
    paid = hashlib.sha256(payments.read_bytes()).hexdigest()
    assert "Task claims.settle_month" in (copied_checkout / "var" / "log" / "worker.log").read_text()

    second = demo(copied_checkout)

    assert second.returncode == 0, second.stderr
    assert [line for line in months(second.stdout) if "拨付中" in line] == [
        line for line in months(first.stdout) if "拨付中" in line
    ]
    assert hashlib.sha256(payments.read_bytes()).hexdigest() == paid
    assert at_work_in(copied_checkout) == {}
    assert not any(services.status(copied_checkout).values())


@pytest.mark.slow
def test_a_city_without_packs_is_refused_in_a_sentence(copied_checkout: Path) -> None:
    refused = demo(copied_checkout, "--city=wenzhou")

    assert refused.returncode == 1
    assert "目前只能建 mianyang（绵阳）。[demo.city]" in refused.stderr
    assert at_work_in(copied_checkout) == {}
    assert not any(services.status(copied_checkout).values())

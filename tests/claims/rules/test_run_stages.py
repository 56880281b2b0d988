"""The five stations of a month."""

from __future__ import annotations

import pytest

from claims.rules.run_stages import stepper


@pytest.mark.parametrize(
    ("stage", "has_failed", "states"),
    [
        ("computing", False, ["done", "now", "", "", ""]),
        ("computing", True, ["done", "bad", "", "", ""]),
        ("sealed", False, ["done", "done", "done", "now", ""]),
        ("approved", False, ["done", "done", "done", "done", "now"]),
        ("paying", False, ["done"] * 5),
    ],
)
def test_a_month_stands_at_its_station(stage: str, has_failed: bool, states: list[str]) -> None:
    found = stepper(stage=stage, has_failed=has_failed, opened="", frozen=3, computed="", sealed="", approved="")

    assert [station.state for station in found] == states
    assert found[0].note == " · 冻结 3 张"

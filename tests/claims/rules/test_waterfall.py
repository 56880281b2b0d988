"""Where the bars of a calculation begin and end, on the scale of the bill."""

from __future__ import annotations

from bureau.kernel.trace import Step
from claims.rules.waterfall import bars


def drawn(*steps: tuple[str, int, int]) -> dict[str, tuple[int, int, str]]:
    found = bars(Step(step, step, "", base, amount) for step, base, amount in steps)
    return {bar.step: (bar.start, bar.end, bar.kind) for bar in found}


def test_deductions_hang_on_the_right_and_payments_follow_each_other_from_the_left() -> None:
    assert drawn(
        ("total", 1_000, 1_000),
        ("excluded", 1_000, 100),
        ("eligible", 900, 900),
        ("deductible", 900, 200),
        ("ratio", 700, 350),
        ("pooled", 350, 350),
        ("major_illness", 550, 50),
        ("relief_deductible", 500, 100),
        ("relief_ratio", 400, 280),
        ("assistance", 280, 250),
        ("personal_burden", 1_000, 350),
    ) == {
        "total": (0, 1_000, "base"),
        "excluded": (900, 1_000, "own"),
        "eligible": (0, 900, "base"),
        "deductible": (700, 900, "own"),
        "ratio": (0, 350, "base"),
        "pooled": (0, 350, "paid"),
        "major_illness": (350, 400, "paid"),
        "relief_deductible": (800, 900, "own"),
        "relief_ratio": (400, 680, "base"),
        "assistance": (400, 650, "paid"),
        "personal_burden": (650, 1_000, "own"),
    }


def test_special_relief_begins_where_ordinary_relief_began() -> None:
    found = drawn(("pooled", 600, 600), ("assistance", 100, 100), ("special_relief", 400, 350))

    assert found["special_relief"] == (600, 950, "paid")


def test_what_is_taken_off_carries_a_minus_and_payers_have_their_colors() -> None:
    taken, paid = bars([Step("deductible", "", "", 100, 20), Step("major_illness", "", "", 80, 30)])

    assert (taken.is_taken_off, taken.tone) == (True, "own")
    assert (paid.is_taken_off, paid.tone) == (False, "major_illness")

"""The kernel at two speeds: compiled, it says what it says plain, to the fen and to the last intermediate."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from bureau.policy.rules import layout
from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook
from claims.rules import batch, kernel
from claims.rules.compiled import Array, RunYears, run_years
from claims.rules.facts import ClaimFacts, Encoder
from tests.claims.rules import people

ROOT = Path(__file__).parents[3]
CACHE = ROOT / "var" / "numba"
YEARS = 3_000


@pytest.fixture(scope="module")
def compiled() -> RunYears:
    return run_years(CACHE)


def rows_of(rulebook: Rulebook, years: Sequence[Sequence[ClaimFacts]]) -> tuple[Array, Array]:
    """Person-years as the kernel reads them, and where each begins."""
    encoder, rows, starts = Encoder(rulebook), [], [0]
    for year in years:
        for facts in sorted(year, key=lambda facts: facts.sequence):
            rows.append([*encoder.encode(facts), facts.total, facts.eligible])
        starts.append(len(rows))
    return np.array(starts, dtype=np.int64), np.array(rows, dtype=np.int64)


@pytest.mark.parametrize("city", list(people.HOMES))
def test_compiled_is_plain_on_random_person_years(city: str, compiled: RunYears) -> None:
    chance = random.Random(4)
    rulebook = load_city(city)
    starts, rows = rows_of(rulebook, [people.random_year(chance, city=city) for _ in range(YEARS)])

    results, trace = batch.settle(rulebook, starts, rows, tracing=True)
    fast, fast_trace = batch.settle(rulebook, starts, rows, compiled=compiled, tracing=True)

    assert np.array_equal(results, fast)
    assert np.array_equal(trace, fast_trace)
    assert np.array_equal(batch.settle(rulebook, starts, rows, compiled=compiled)[0], results)
    paid = results[:, [kernel.OUT_POOLED, kernel.OUT_MAJOR, kernel.OUT_ASSISTANCE, kernel.OUT_BURDEN]]
    assert np.array_equal(paid.sum(axis=1), rows[:, kernel.TOTAL])
    assert (results >= 0).all()


def random_table(chance: np.random.Generator, rows: int, slots: int) -> tuple[Array, Array]:
    """Tables that no city would write: every column at random within what it may hold."""
    benefits = np.zeros((rows, layout.BENEFIT_COLUMNS), dtype=np.int64)
    protections = np.zeros((rows, layout.PROTECTION_COLUMNS), dtype=np.int64)
    for column in (layout.COVERED, layout.MAJOR_COUNTS, layout.RELIEF_COUNTS, layout.RELIEF_OUTPATIENT):
        benefits[:, column] = chance.integers(0, 5, rows) > 0
    for column in (layout.PREPAYMENT, layout.RATIO):
        benefits[:, column] = chance.integers(0, 10_001, rows)
    benefits[:, layout.SPECIAL_SHARE] = chance.integers(-1, 3_000, rows)
    for column in (layout.DEDUCTIBLE, layout.LIMIT, layout.POOLED_CAP):
        benefits[:, column] = np.where(chance.random(rows) < 0.2, layout.UNLIMITED, chance.integers(0, 10**7, rows))
    for column in (layout.DEDUCTIBLE_POOL, layout.LIMIT_POOL):
        pools = chance.integers(layout.FIRST_POOL, slots, rows)
        benefits[:, column] = np.where(chance.random(rows) < 0.3, layout.PER_CLAIM, pools)
    for column in (
        layout.MAJOR_DEDUCTIBLE,
        layout.MAJOR_CAP,
        layout.RELIEF_DEDUCTIBLE,
        layout.RELIEF_CAP,
        layout.RELIEF_OUTPATIENT_LIMIT,
    ):
        protections[:, column] = chance.integers(0, 10**8, rows)
    protections[:, layout.RELIEF_ENTITLED] = chance.integers(0, 2, rows)
    protections[:, layout.RELIEF_RATIO] = chance.integers(0, 10_001, rows)
    protections[:, layout.BAND_COUNT] = chance.integers(0, layout.MOST_BANDS + 1, rows)
    limits = np.sort(chance.integers(0, 10**8, (rows, layout.MOST_BANDS)), axis=1)
    protections[:, layout.BANDS :: layout.BAND_COLUMNS] = limits
    shares = chance.integers(0, 10_001, (rows, layout.MOST_BANDS))
    protections[:, layout.BANDS + layout.BAND_RATIO :: layout.BAND_COLUMNS] = shares
    return benefits, protections


def test_compiled_is_plain_on_tables_that_no_city_would_write(compiled: RunYears) -> None:
    chance = np.random.default_rng(5)
    rows, slots, count = 500, layout.FIRST_POOL + 4, 20_000
    benefits, protections = random_table(chance, rows, slots)
    total = chance.integers(0, 10**8, count)
    claims = np.stack(
        [chance.integers(0, rows, count), chance.integers(0, rows, count), total, chance.integers(0, total + 1)], axis=1
    )
    starts = np.concatenate([[0], np.sort(chance.choice(np.arange(1, count), 4_000, replace=False)), [count]])

    plain = [0] * (count * kernel.RESULT_COLUMNS)
    trace = [0] * (count * kernel.TRACE_COLUMNS)
    kernel.run_years(
        starts.tolist(),
        claims.ravel().tolist(),
        benefits.ravel().tolist(),
        protections.ravel().tolist(),
        [0] * slots,
        plain,
        trace,
    )
    fast, fast_trace = np.zeros(len(plain), dtype=np.int64), np.zeros(len(trace), dtype=np.int64)
    used = np.full(slots, 7, dtype=np.int64)
    compiled(starts, claims.ravel(), benefits.ravel(), protections.ravel(), used, fast, fast_trace)

    assert fast.tolist() == plain
    assert fast_trace.tolist() == trace


def test_blocks_of_the_plain_kernel_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rulebook = load_city("hangzhou")
    chance = random.Random(6)
    starts, rows = rows_of(rulebook, [people.random_year(chance, city="hangzhou") for _ in range(300)])
    whole = batch.settle(rulebook, starts, rows, tracing=True)
    for size in (1, 7, 100):
        monkeypatch.setattr(batch, "BLOCK", size)
        parts = batch.settle(rulebook, starts, rows, tracing=True)
        assert all(np.array_equal(one, other) for one, other in zip(whole, parts, strict=True))


def test_no_person_years_are_no_trouble(compiled: RunYears) -> None:
    rulebook = load_city("mianyang")
    nothing = np.zeros((0, kernel.CLAIM_COLUMNS), dtype=np.int64)
    for speed in (None, compiled):
        assert len(batch.settle(rulebook, np.zeros(1, dtype=np.int64), nothing, compiled=speed)[0]) == 0


def python(program: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_machine_code_survives_a_restart(tmp_path: Path) -> None:
    program = (
        "import pathlib, claims.rules.compiled as compiled\n"
        f"run = compiled.run_years(pathlib.Path({str(tmp_path)!r}))\n"
        "print(sum(run.stats.cache_hits.values()), sum(run.stats.cache_misses.values()))"
    )
    first, second = python(program), python(program)

    assert (first.stdout.strip(), second.stdout.strip()) == ("0 1", "1 0"), first.stderr + second.stderr


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    program = (
        "import pathlib, claims.rules.compiled as compiled\n"
        f"print(callable(compiled.run_years(pathlib.Path({str(blocked)!r}))))"
    )

    assert python(program).stdout.strip() == "True"


def test_without_numba_there_is_a_sentence_and_the_plain_result(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('absent')")
    program = (
        "import claims.rules.compiled as compiled\n"
        "from bureau.kernel.errors import BusinessError\n"
        "try:\n"
        "    compiled.run_years(None)\n"
        "except BusinessError as error:\n"
        "    print(error.code)"
    )

    assert python(program, PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}").stdout.strip() == "claim.no_compiler"


def test_the_web_process_does_not_load_numba() -> None:
    program = (
        "import sys, django; django.setup(); import bureau.urls, claims.services.adjudication\n"
        "raise SystemExit('numba' in sys.modules)"
    )
    done = python(program, DJANGO_SETTINGS_MODULE="bureau.settings.test")

    assert done.returncode == 0, done.stderr

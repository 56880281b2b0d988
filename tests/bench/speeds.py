"""How fast a claim is computed: the kernel plain and compiled against the Decimal reference, and a claim file whole."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management import call_command

from bureau.kernel.money import format_yuan, parse_yuan
from bureau.policy.rules.packs import load_city
from bureau.policy.rules.rulebook import Rulebook
from claims.importing.adjudication_file import COLUMNS
from claims.management.commands.adjudicate import CACHE
from claims.rules import batch, kernel
from claims.rules.compiled import Array, run_years
from claims.rules.facts import ClaimFacts, Encoder
from claims.rules.person_year import explain_year, settle_many
from tests.claims.rules import people, reference

SEED = 20230531
YEARS = 10_000
ORDINARY = 40_000
CLAIMS = 1_000_000
TRIES = 7

Years = list[list[ClaimFacts]]


def speeds(scale: float) -> dict[str, float]:
    """Person-years plain, compiled and by the Decimal reference; one explained."""
    chance = random.Random(SEED)
    rulebook = load_city("mianyang")
    hard = [people.random_year(chance) for _ in range(part(YEARS, scale))]
    ordinary = [people.ordinary_year(chance) for _ in range(part(ORDINARY, scale))]
    some = hard[: max(1, len(hard) // 10)]

    plain = sum(map(len, hard)) / seconds(lambda: settle_many(rulebook, hard))
    by_reference = sum(map(len, some)) / seconds(lambda: [reference.settle(claims) for claims in some])
    compiled_hard = _compiled_rate(rulebook, hard)
    explained = seconds(lambda: [explain_year(rulebook, claims) for claims in some]) / len(some)
    return {
        "kernel_plain_claims_per_second": plain,
        "kernel_plain_over_decimal_reference": plain / by_reference,
        "kernel_compiled_claims_per_second": _compiled_rate(rulebook, ordinary),
        "kernel_compiled_hard_claims_per_second": compiled_hard,
        "kernel_compiled_over_decimal_reference": compiled_hard / by_reference,
        "kernel_explained_year_ms": explained * 1000,
    }


def adjudicate(scale: float) -> dict[str, float]:
    """`manage.py adjudicate --fast`, file in and file out."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "claims.csv", Path(folder) / "results.csv"
        claims = _write(source, part(CLAIMS, scale))
        taken = seconds(lambda: call_command("adjudicate", city="mianyang", claims=source, out=target, fast=True))
        some = 0

        def settle_some() -> None:
            nonlocal some
            some = _by_reference(source, Path(folder) / "reference.csv", max(1, claims // 20))

        by_reference = seconds(settle_some)
    return {
        "adjudicate_claims": claims,
        "adjudicate_fast_seconds": taken,
        "adjudicate_fast_claims_per_second": claims / taken,
        "adjudicate_fast_over_decimal_reference": claims / taken * by_reference / some,
    }


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def part(whole: int, scale: float) -> int:
    return max(10, int(whole * scale))


def _by_reference(source: Path, target: Path, most: int) -> int:
    """The first claims of the file, read, settled by the Decimal reference and written: what one would do by hand."""
    settled = 0
    with source.open(encoding="utf-8", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for _, year in groupby(csv.DictReader(file), key=itemgetter("person_id")):
            claims = [_facts(row) for row in year]
            for facts, layers in zip(claims, reference.settle(claims), strict=True):
                writer.writerow((facts.claim_id, *layers.values()))
            settled += len(claims)
            if settled >= most:
                break
    return settled


def _facts(row: dict[str, str]) -> ClaimFacts:
    said: dict[str, Any] = {name: row[name] for name in ClaimFacts.__dataclass_fields__}
    said |= {name: said[name] == "yes" for name in ("registered_poor", "filing", "signed")}
    said |= {name: int(said[name]) for name in ("sequence", "chronic_count")}
    said |= {name: parse_yuan(said[name]) for name in ("total", "excluded", "over_ceiling", "upfront_copay")}
    return ClaimFacts(**(said | {"service_date": date.fromisoformat(said["service_date"])}))


def _compiled_rate(rulebook: Rulebook, years: Years) -> float:
    """The compiled kernel alone, on one core: the best of some tries, after the machine code has been made."""
    compiled = run_years(CACHE)
    starts, rows = _arrays(rulebook, years)
    arguments = starts, rows.ravel(), rulebook.benefits.ravel(), rulebook.protections.ravel()
    used = np.zeros(rulebook.slots, dtype=np.int64)
    results = np.zeros(len(rows) * kernel.RESULT_COLUMNS, dtype=np.int64)
    trace = np.zeros(0, dtype=np.int64)
    taken = min(seconds(lambda: compiled(*arguments, used, results, trace)) for _ in range(TRIES))
    assert np.array_equal(results.reshape(-1, kernel.RESULT_COLUMNS), batch.settle(rulebook, starts, rows)[0])
    return len(rows) / taken


def _arrays(rulebook: Rulebook, years: Years) -> tuple[Array, Array]:
    encoder, rows, starts = Encoder(rulebook), [], [0]
    for year in years:
        ordered = sorted(year, key=lambda facts: facts.sequence)
        rows += [[*encoder.encode(facts), facts.total, facts.eligible] for facts in ordered]
        starts.append(len(rows))
    return np.array(starts, dtype=np.int64), np.array(rows, dtype=np.int64)


def _write(target: Path, claims: int) -> int:
    """A claim file of about so many rows, written as it is made up."""
    chance, written, person = random.Random(SEED), 0, 0
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        while written < claims:
            year = people.ordinary_year(chance)
            writer.writerows(_row(facts, f"P{person:08d}") for facts in year)
            written, person = written + len(year), person + 1
    return written


def _row(facts: ClaimFacts, person: str) -> list[str]:
    said = {name: str(value) for name, value in asdict(facts).items()}
    said |= {name: "yes" if getattr(facts, name) else "no" for name in ("registered_poor", "filing", "signed")}
    money = ("total", "excluded", "over_ceiling", "upfront_copay")
    said |= {name: format_yuan(getattr(facts, name)) for name in money}
    said |= {"claim_id": f"{person}-{facts.sequence}", "person_id": person}
    return [said[column] for column in COLUMNS]

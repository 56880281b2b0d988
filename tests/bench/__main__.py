"""`make bench`: one line a figure, and `var/bench.json`. Its databases are its own, so the demo's is not touched."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg

CHECKOUT = Path(__file__).resolve().parents[2]
# The last of Valkey's numbered databases, for hints that nobody is meant to take.
BROKER_NUMBER = 63
UNITS = (
    ("_claims_per_second", "claims/s"),
    ("_rows_per_second", "rows/s"),
    ("_lines_per_second", "lines/s"),
    ("_peak_mib", "MiB"),
    ("_seconds", "s"),
    ("_ms", "ms"),
    ("_us", "µs"),
    ("_percent", "%"),
    ("_over_none", "times"),
    ("_over_key", "times"),
    ("_over_decimal_reference", "times"),
    ("_over_adjudication", "times"),
    ("_claims", "claims"),
    ("_rows", "rows"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--scale", default="small", help="small, or a factor of it")
    parser.add_argument("--only", help="kernel, adjudicate, month, roster, simulation or walls")
    parser.add_argument("--out", type=Path, default=CHECKOUT / "var" / "bench.json")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    options = parser.parse_args()
    scale = 1.0 if options.scale == "small" else float(options.scale)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bureau.settings.local")
    if options.measure:
        django.setup()
        from bureau import walls
        from tests.bench.figures import FIGURES

        with walls.as_system():
            print(json.dumps(FIGURES[options.measure](scale)))  # noqa: T201
    else:
        report(scale, options.only, options.out)


def report(scale: float, only: str | None, out: Path) -> None:
    """Measure one thing after the other and write down what came out."""
    from bureau.launcher import services

    found: dict[str, float] = {}
    with services.using(CHECKOUT):
        for name in [only] if only else ["kernel", "adjudicate", "month", "roster", "simulation", "walls"]:
            with throwaway(name) as environment:
                for figure, value in measured(name, scale, environment).items():
                    found[figure] = round(value, 2)
                    print(f"{figure:<48} {value:>14,.2f} {unit(figure)}", flush=True)  # noqa: T201
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def measured(name: str, scale: float, environment: dict[str, str]) -> dict[str, float]:
    """The figures of one process, with the most memory that it ever held."""
    command = [sys.executable, "-m", "tests.bench", f"--measure={name}", f"--scale={scale}"]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        printed = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(process.returncode)
    per_mib = 1024 * 1024 if sys.platform == "darwin" else 1024
    return {**json.loads(printed), f"{name}_peak_mib": usage.ru_maxrss / per_mib}


@contextmanager
def throwaway(name: str) -> Iterator[dict[str, str]]:
    """The environment of a process that works in a migrated database of its own."""
    from bureau.settings import env, local

    database = f"bureau_bench_{name}_{os.getpid()}"
    owner = local.address("DATABASE_OWNER_URL")
    environment = {
        **os.environ,
        "DATABASE_URL": _renamed(local.address("DATABASE_URL"), database),
        "DATABASE_OWNER_URL": _renamed(owner, database),
        "REDIS_URL": env.broker(local.address("REDIS_URL"), BROKER_NUMBER),
    }
    with psycopg.connect(_renamed(owner, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{database}"')
        try:
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(migrate, cwd=CHECKOUT, env=environment, check=True)
            yield environment
        finally:
            connection.execute(f'DROP DATABASE "{database}" WITH (FORCE)')


def unit(figure: str) -> str:
    return next((unit for ending, unit in UNITS if figure.endswith(ending)), "")


def _renamed(address: str, database: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}"


if __name__ == "__main__":
    main()

"""Make docs/requirements.md from docs/requirements.csv, the one state file of what the policy documents ask for."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand, CommandError, CommandParser

DOCS = Path("docs")

STATES = {"done": "已实现", "partly": "部分实现", "not yet": "未实现"}


class Source(NamedTuple):
    """One policy document: how many rows it has and what it is."""

    size: int
    title: str


SOURCES = {
    "HZ": Source(28, "杭州市全面做实基本医疗保险市级统筹（解读，2021-12-31）"),
    "CC": Source(30, "长春市职工医保和大额医疗救助基金市级统筹（新闻发布会）"),
    "WZ": Source(61, "温州市全面做实基本医疗保险市级统筹实施方案（2022-04-01）"),
    "YX": Source(98, "绵阳市游仙区医疗保障局访谈（2023-05-31）"),
    "WR": Source(40, "温州市医疗保障精准扶贫（政策解读，2019-12-19）"),
}


class Requirement(NamedTuple):
    """One row of the state file; `test` is the path of the test that shows it, several separated by blanks."""

    id: str
    title: str
    state: str
    test: str


def read(path: Path) -> list[Requirement]:
    """The rows of the state file as they stand."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Requirement(row["id"], row["title"], row["state"], row["test"] or "") for row in csv.DictReader(file)]


def faults(rows: Sequence[Requirement], root: Path) -> list[str]:
    """What is wrong with the state file: ids missing or twice, unknown states, tests that are not there."""
    wanted = {f"{prefix}-{number:02d}" for prefix, source in SOURCES.items() for number in range(1, source.size + 1)}
    counted = Counter(row.id for row in rows)
    found = [f"{missing} is missing" for missing in sorted(wanted - counted.keys())]
    found += [f"{unknown} is no requirement" for unknown in sorted(counted.keys() - wanted)]
    found += [f"{twice} stands there {count} times" for twice, count in counted.items() if count > 1]
    for row in rows:
        if row.state not in STATES:
            found.append(f"{row.id} has the unknown state “{row.state}”")
        elif (row.state == "not yet") == bool(row.test):
            found.append(f"{row.id} is {row.state}, with test “{row.test}”")
        found += [f"{row.id} names {test}, which is not there" for test in row.test.split() if not _exists(root, test)]
    return found


def _exists(root: Path, test: str) -> bool:
    return (root / test.partition("::")[0]).is_file()


def page(rows: Sequence[Requirement]) -> str:
    """The page as Markdown."""
    total = Counter(row.state for row in rows)
    lines = [
        "# Requirements and their state",
        "",
        "Made from `requirements.csv` by `make docs`; change that file, not this one.",
        "A row is *done* or *partly* done only with the test that shows it. Where the law of a city has no packs yet,",
        "a row whose mechanism is shown on another set is *partly* done.",
        "",
        "| document | rows | done | partly | not yet |",
        "|---|---:|---:|---:|---:|",
    ]
    for prefix, source in SOURCES.items():
        states = Counter(row.state for row in rows if row.id.startswith(prefix))
        lines.append(f"| {prefix} {source.title} | {source.size} | {_counts(states)} |")
    lines.append(f"| all | {len(rows)} | {_counts(total)} |")
    for prefix, source in SOURCES.items():
        lines += ["", f"## {prefix} {source.title}", "", "| id | 要求 | 状态 | test |", "|---|---|---|---|"]
        lines += [
            f"| {row.id} | {row.title} | {STATES[row.state]} | {_tests(row.test)} |"
            for row in rows
            if row.id.startswith(prefix)
        ]
    return "\n".join(lines) + "\n"


def _counts(states: Counter[str]) -> str:
    return " | ".join(str(states[state]) for state in STATES)


def _tests(test: str) -> str:
    return " ".join(f"`{one}`" for one in test.split())


class Command(BaseCommand):
    help = "Make docs/requirements.md from docs/requirements.csv and check it: 257 rows, unique ids, tests that exist."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own declaration

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = read(DOCS / "requirements.csv")
        if found := faults(rows, Path()):
            raise CommandError("docs/requirements.csv: " + "; ".join(found))
        target = DOCS / "requirements.md"
        text = page(rows)
        if options["check"]:
            if not target.is_file() or target.read_text(encoding="utf-8") != text:
                raise CommandError("docs/requirements.md is out of date; run `make docs`.")
            return
        target.write_text(text, encoding="utf-8")
        self.stdout.write(f"{target}: {len(rows)} requirements")

"""The sums of a simulation as the report that is kept: plain data, the same bytes and digest for the same sums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from bureau.kernel.terms import Care, Fund, Level, ReliefCategory, Scheme
from bureau.policy.rules.rulebook import Rulebook
from bureau.simulation.rules import tallies
from bureau.simulation.rules.running import EDGES, Plan, Sums
from bureau.simulation.terms import Part

PARTS = [part.value for part in Part]
SCHEMES = (Scheme.EMPLOYEE, Scheme.RESIDENT)
_COUNTS = (
    "claims",
    "total",
    "eligible",
    "claims_gaining",
    "claim_gains",
    "claims_losing",
    "claim_losses",
    "persons",
    "persons_gaining",
    "person_gains",
    "persons_losing",
    "person_losses",
)
_PAID = ("pooled", "major", "assistance")
# Groups of which a person-year has only one, so that its people can be counted.
OF_PERSONS = ("county", "scheme", "relief")


def report(plan: Plan, sums: Sums) -> dict[str, Any]:
    """Everything that the pages of a result show, money in fen."""
    shape = (len(plan.profiles), len(plan.counties))
    counts = sums.counts.reshape(*shape, tallies.COUNTS)
    parts = [part.reshape(*shape, tallies.PARTS) for part in sums.parts]
    whole = _line("", "合计", counts.sum(axis=(0, 1)), [part.sum(axis=(0, 1)) for part in parts])
    dimensions = {"county": _by_county(plan, counts, parts)}
    for name, position, vocabulary in (
        ("scheme", 0, Scheme),
        ("care", 4, Care),
        ("level", 5, Level),
        ("relief", 2, ReliefCategory),
    ):
        dimensions[name] = []
        for term in vocabulary:
            at = [number for number, profile in enumerate(plan.profiles) if profile[position] == term.value]
            if at:
                found = [part[at].sum(axis=(0, 1)) for part in parts]
                dimensions[name].append(_line(term.value, term.label, counts[at].sum(axis=(0, 1)), found))
    laws = [law.rulebook for law in plan.laws]
    return {
        "whole": whole,
        "dimensions": dimensions,
        "funds": _funds(dimensions["scheme"], whole),
        "clauses": {
            side: _clauses(rulebook, found)
            for side, rulebook, found in zip(("before", "after"), laws, sums.clauses, strict=True)
        },
        "classes": [
            {"label": label, "persons": int(persons), "amount": int(amount)}
            for label, persons, amount in zip(class_labels(), sums.classes, sums.amounts, strict=True)
        ],
        "losers": [[person, -gain] for gain, person in sorted(sums.losers)],
    }


def digest(found: dict[str, Any]) -> str:
    """Of a report: the same sums, the same digest."""
    return hashlib.sha256(json.dumps(found, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def benefit(line: dict[str, Any], side: str) -> int:
    """What the funds pay of a group."""
    return sum(line[side][part] for part in _PAID)


def worse_off(found: dict[str, Any]) -> list[tuple[str, str, int]]:
    """The groups whose total benefits fall (WZ-59): dimension, label, by how much; the whole first."""
    lines = [("whole", found["whole"])]
    lines += [(name, line) for name, group in found["dimensions"].items() for line in group]
    falls = [(name, line["label"], benefit(line, "before") - benefit(line, "after")) for name, line in lines]
    return [fall for fall in falls if fall[2] > 0]


def class_labels() -> list[str]:
    """The classes of yearly change in words; the person's gain counts positive."""
    return [
        "多负担 1 万元以上",
        "多负担 5 千至 1 万元",
        "多负担 1 千至 5 千元",
        "多负担 100 至 1 千元",
        "多负担不到 100 元",
        "不变",
        "少负担不到 100 元",
        "少负担 100 至 1 千元",
        "少负担 1 千至 5 千元",
        "少负担 5 千至 1 万元",
        "少负担 1 万元以上",
    ][: len(EDGES) + 1]


def _line(code: str, label: str, counts: Any, parts: Sequence[Any]) -> dict[str, Any]:
    line: dict[str, Any] = {"code": code, "label": label, **_named(_COUNTS, counts)}
    for side, found in zip(("before", "after"), parts, strict=True):
        line[side] = _named(PARTS, found)
        line[side]["burden"] = line["total"] - sum(line[side][part] for part in _PAID)
    return line


def _named(names: Sequence[str], values: Any) -> dict[str, int]:
    return dict(zip(names, (int(value) for value in values), strict=True))


def _by_county(plan: Plan, counts: Any, parts: Sequence[Any]) -> list[dict[str, Any]]:
    rulebook = plan.laws[0].rulebook
    # As the areas were named first: before a merger each has a name of its own.
    titles = {area.name: area.title for area in reversed(rulebook.areas)}
    lines = []
    for at, code in enumerate(plan.counties):
        pool = rulebook.pool_in(code, 0)
        label = titles.get(pool or "", code)
        lines.append(_line(code, label, counts[:, at].sum(axis=0), [part[:, at].sum(axis=0) for part in parts]))
    return lines


def _funds(schemes: Sequence[dict[str, Any]], whole: dict[str, Any]) -> list[dict[str, Any]]:
    """Each fund's spending under both laws."""
    by_scheme = {line["code"]: line for line in schemes}

    def pooled(scheme: Scheme) -> Callable[[str], int]:
        return lambda side: by_scheme[scheme][side]["pooled"] if scheme in by_scheme else 0

    spending: dict[Fund, Callable[[str], int]] = {
        Fund.EMPLOYEE_POOL: pooled(Scheme.EMPLOYEE),
        Fund.RESIDENT_POOL: pooled(Scheme.RESIDENT),
        Fund.MAJOR_ILLNESS: lambda side: whole[side]["major"],
        Fund.ASSISTANCE: lambda side: whole[side]["assistance"],
    }
    return [
        {"code": fund.value, "label": fund.label, "before": spent("before"), "after": spent("after")}
        for fund, spent in spending.items()
    ]


def _clauses(rulebook: Rulebook, found: Any) -> list[dict[str, Any]]:
    """Each part of what is eligible by the clause that decided it, scheme by scheme."""
    table = found.reshape(len(SCHEMES), tallies.PARTS, -1)
    lines = []
    for scheme, part, citation in zip(*(axis.tolist() for axis in np.nonzero(table)), strict=True):
        sources = [rulebook.rows[row] for row in rulebook.citations[citation - 1]] if citation else []
        lines.append(
            {
                "scheme": SCHEMES[scheme].value,
                "part": PARTS[part],
                "amount": int(table[scheme, part, citation]),
                "parameters": [row.name for row in sources],
                "places": [f"{row.document.title} · {row.clause.at}" for row in sources],
                "says": "；".join(f"{row.clause.says}" for row in sources),
                "assumed": any(row.assumed for row in sources),
            }
        )
    return lines

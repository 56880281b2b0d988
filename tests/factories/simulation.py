"""Invented claims for snapshots, few enough to be worked by hand."""

from __future__ import annotations

from bureau.simulation.rules.snapshots import Row


def a_row(
    person: int,
    sequence: int,
    eligible: int,
    *,
    day: str = "2022-03-01",
    scheme: str = "employee",
    relief: str = "none",
    care: str = "inpatient",
    level: str = "tertiary",
    insured: str = "510704",
    where: str = "510704",
    filing: str = "no",
    excluded: int = 0,
) -> Row:
    """A claim of a year, its facts as texts; `eligible` and `excluded` in fen."""
    employment = "in_service" if scheme == "employee" else ""
    profile = (scheme, employment, relief, "no", care, level, filing, "no", "1")
    return Row(person, int(day[:4]), sequence, profile, (day, insured, where), eligible + excluded, eligible)

"""The roster commands as scripts use them (interfaces §3)."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from bureau.organization.terms import Duty
from tests.factories.people import YOUXIAN, a_clerk, an_id_number
from tests.factories.policy import a_release
from tests.factories.relief import a_line, a_roster_file

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parents[2] / "data" / "rosters"


@pytest.fixture(autouse=True)
def people_and_law() -> None:
    a_clerk("maker", Duty.RELIEF)
    a_clerk("checker", Duty.RELIEF_CHECK)
    a_release()


def imported(file: Path, *more: str, month: str = "2023-05", source: str = "civil_affairs") -> dict[str, Any]:
    out = io.StringIO()
    call_command(
        "import_roster",
        str(file),
        *("--source", source, "--month", month, "--area", YOUXIAN, "--by", "maker", "--json", *more),
        stdout=out,
        stderr=io.StringIO(),
    )
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def run(name: str, *arguments: object) -> str:
    out = io.StringIO()
    call_command(name, *(str(argument) for argument in arguments), stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_two_months_from_file_to_confirmed(tmp_path: Path) -> None:
    april = imported(DATA / "2023-04-civil-affairs.xlsx", month="2023-04")
    assert "200 项" in run("confirm_roster", april["batch"], "--by", "checker")
    may = imported(DATA / "2023-05-civil-affairs.xlsx", "--rows", str(tmp_path / "rows.csv"))
    answers = json.loads((DATA / "answers.json").read_text())["2023-05-civil-affairs.xlsx"]
    assert {name: may[name] for name in answers if name in may} == {
        name: value for name, value in answers.items() if name in may
    }

    rows = list(csv.DictReader((tmp_path / "rows.csv").open(encoding="utf-8")))
    assert len(rows) == 207 + 7
    assert list(rows[0]) == ["line", "id_number", "name", "category", "verdict", "code", "message"]
    assert [row["line"] for row in rows if row["verdict"] == "exited"] == [""] * 7
    assert all("*" in row["id_number"] or not row["id_number"] for row in rows)

    for row in rows:
        if row["verdict"] == "error" and row["line"] != "155":
            run("set_aside_row", may["batch"], row["line"], "--reason", "待民政核实", "--by", "maker")
    run("fix_row", may["batch"], 155, "--id", "510704200501278239", "--by", "maker")
    assert "已生效" in run("confirm_roster", may["batch"], "--by", "checker")
    assert "已回退" in run("revoke_roster", may["batch"], "--by", "maker", "--reason", "民政来函更正")


def test_the_same_file_again_gives_the_same_batch() -> None:
    first = imported(DATA / "2023-04-civil-affairs.xlsx", month="2023-04")
    again = imported(DATA / "2023-04-civil-affairs.xlsx", month="2023-04")
    assert (again["batch"], again["recognized"], again["new"]) == (first["batch"], True, 200)


def test_a_refused_file_tells_why_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with pytest.raises(CommandError, match=r"\[sheets\.empty\]"):
        call_command(
            "import_roster",
            str(DATA / "2023-05-empty.xlsx"),
            *("--source", "civil_affairs", "--month", "2023-05", "--area", YOUXIAN, "--by", "maker", "--json"),
            stdout=out,
        )
    told = json.loads(out.getvalue())
    assert (told["rows"], told["exited"], told["refused"]) == (0, 0, True)


def test_the_maker_is_refused_in_a_sentence_with_its_code() -> None:
    april = imported(DATA / "2023-04-civil-affairs.xlsx", month="2023-04")
    a_clerk("both", Duty.RELIEF, Duty.RELIEF_CHECK)
    with pytest.raises(CommandError, match=r"需由救助复核办理.*\[relief\.duty_missing\]"):
        run("confirm_roster", april["batch"], "--by", "maker")


def test_an_unknown_user_is_refused() -> None:
    with pytest.raises(CommandError, match=r"\[staff\.unknown\]"):
        run("confirm_roster", 1, "--by", "nobody")


def test_a_name_that_looks_like_a_formula_is_quoted_in_the_rows(tmp_path: Path) -> None:
    file = tmp_path / "roster.xlsx"
    file.write_bytes(a_roster_file([a_line(an_id_number(), name="=cmd|' /C calc'!A0")]))
    imported(file, "--rows", str(tmp_path / "rows.csv"))
    [row] = csv.DictReader((tmp_path / "rows.csv").open(encoding="utf-8"))
    assert row["name"].startswith("'=")

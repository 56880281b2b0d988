"""A claim file in, results, explanations and rejects out: interfaces.md §2, without a database."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from bureau.kernel.errors import BusinessError
from bureau.kernel.money import format_yuan
from bureau.policy.rules.packs import load_city
from claims.importing import adjudication_file, adjudication_results
from claims.importing.adjudication_file import COLUMNS, ClaimFile
from claims.importing.adjudication_results import Summary, settle_file
from claims.rules.facts import ClaimFacts
from tests.claims.rules import people

ROOT = Path(__file__).parents[3]
MIANYANG = load_city("mianyang")

GOOD = {
    "claim_id": "C1",
    "person_id": "P1",
    "sequence": "1",
    "service_date": "2023-03-01",
    "scheme": "resident",
    "employment": "",
    "relief": "none",
    "registered_poor": "no",
    "care": "inpatient",
    "level": "primary",
    "insured_area": "510704",
    "care_area": "510704",
    "filing": "no",
    "signed": "no",
    "chronic_count": "0",
    "total": "3100.00",
    "excluded": "0.00",
    "over_ceiling": "0.00",
    "upfront_copay": "0.00",
}


def text_of(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({**GOOD, **row} for row in rows)
    return target.getvalue()


def run(text: str) -> tuple[Summary, list[dict[str, str]], list[dict[str, str]], list[dict[str, object]]]:
    results, rejects, explain = io.StringIO(), io.StringIO(), io.StringIO()
    summary = settle_file(ClaimFile(MIANYANG, io.StringIO(text)), results, explain=explain, rejects=rejects)
    return (
        summary,
        list(csv.DictReader(io.StringIO(results.getvalue()))),
        list(csv.DictReader(io.StringIO(rejects.getvalue()))),
        [json.loads(line) for line in explain.getvalue().splitlines()],
    )


def test_results_stand_in_the_order_of_the_input_and_are_computed_in_that_of_the_sequence() -> None:
    visit = {"care": "outpatient", "scheme": "employee", "employment": "in_service", "level": "tertiary"}
    _, results, rejects, _ = run(
        text_of(
            {"claim_id": "later", "sequence": "2", "total": "120.00", **visit},
            {"claim_id": "other", "person_id": "P2"},
            {"claim_id": "earlier", "sequence": "1", "total": "120.00", **visit},
        )
    )

    assert [row["claim_id"] for row in results] == ["later", "other", "earlier"]
    assert [row["deductible"] for row in results] == ["80.00", "100.00", "120.00"]
    assert [row["pooled"] for row in results] == ["20.00", "2700.00", "0.00"]
    assert list(results[0]) == [
        "claim_id",
        "eligible",
        "prepay",
        "deductible",
        "pooled",
        "major_illness",
        "assistance",
        "personal_burden",
    ]
    assert rejects == []


def test_each_calendar_year_is_a_year_of_its_own() -> None:
    visit = {"care": "chronic", "chronic_count": "1", "total": "5000.00"}
    _, results, _, _ = run(
        text_of(
            {"claim_id": "a", "service_date": "2022-12-31", **visit},
            {"claim_id": "b", "service_date": "2023-01-01", **visit},
        )
    )

    assert [row["pooled"] for row in results] == ["500.00", "1000.00"]


def test_every_claim_is_explained_from_the_total_to_the_burden() -> None:
    _, results, _, explained = run(text_of({}, {"claim_id": "C2", "person_id": "P2", "care": "chronic"}))

    assert [item["claim_id"] for item in explained] == ["C1", "C2"]
    steps = explained[0]["steps"]
    assert isinstance(steps, list)
    assert (steps[0]["step"], steps[0]["amount"]) == ("total", "3100.00")
    assert (steps[-1]["step"], steps[-1]["amount"]) == ("personal_burden", results[0]["personal_burden"])
    assert {"step", "base", "amount", "parameter", "value", "document", "at", "valid_from", "assumed"} <= set(steps[1])


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"care": "spa"}, "care", "claim.unknown_value"),
        ({"level": "quaternary"}, "level", "claim.unknown_value"),
        ({"relief": ""}, "relief", "claim.unknown_value"),
        ({"scheme": "navy"}, "scheme", "claim.unknown_value"),
        ({"employment": "retired"}, "employment", "claim.unknown_value"),
        ({"scheme": "employee"}, "employment", "claim.unknown_value"),
        ({"registered_poor": "maybe"}, "registered_poor", "claim.unknown_value"),
        ({"filing": "Y"}, "filing", "claim.unknown_value"),
        ({"signed": ""}, "signed", "claim.unknown_value"),
        ({"total": "-1.00"}, "total", "claim.negative"),
        ({"excluded": "-0.01"}, "excluded", "claim.negative"),
        ({"total": "3100.001"}, "total", "money.not_exact"),
        ({"total": "a lot"}, "total", "money.not_a_number"),
        ({"total": ""}, "total", "money.not_a_number"),
        (
            {"excluded": "3000.00", "over_ceiling": "100.00", "upfront_copay": "0.01"},
            "total",
            "claim.parts_exceed_total",
        ),
        ({"service_date": "2021-12-31"}, "service_date", "claim.no_policy"),
        ({"service_date": "2023-02-29"}, "service_date", "claim.date"),
        ({"service_date": "20230301"}, "service_date", "claim.date"),
        ({"service_date": ""}, "service_date", "claim.date"),
        ({"sequence": "one"}, "sequence", "claim.not_a_number"),
        ({"sequence": "-1"}, "sequence", "claim.not_a_number"),
        ({"chronic_count": "1.5"}, "chronic_count", "claim.not_a_number"),
        ({"claim_id": ""}, "claim_id", "claim.missing"),
        ({"person_id": ""}, "person_id", "claim.missing"),
        ({"insured_area": "510107"}, "insured_area", "claim.not_our_area"),
        ({"care_area": "51070"}, "care_area", "claim.unknown_area"),
    ],
)
def test_a_bad_row_is_refused_with_line_column_and_reason(change: dict[str, str], column: str, code: str) -> None:
    summary, results, rejects, explained = run(
        text_of({"claim_id": "A", "person_id": "Q"}, {"claim_id": "B", **change}, {"claim_id": "D", "person_id": "R"})
    )

    assert [row["claim_id"] for row in results] == ["A", "D"]
    assert [item["claim_id"] for item in explained] == ["A", "D"]
    [reject] = rejects
    assert (reject["line"], reject["column"]) == ("3", column)
    assert reject["claim_id"] == change.get("claim_id", "B")
    assert f"[{code}]" in reject["reason"]
    assert (summary.claims, summary.computed, summary.refused) == (3, 2, 1)


def test_a_person_year_with_a_bad_row_is_refused_whole_and_no_other() -> None:
    summary, results, rejects, _ = run(
        text_of(
            {"claim_id": "A", "sequence": "1"},
            {"claim_id": "B", "sequence": "2", "care": "spa"},
            {"claim_id": "C", "sequence": "3"},
            {"claim_id": "D", "sequence": "1", "service_date": "2022-03-01"},
            {"claim_id": "E", "person_id": "P2"},
        )
    )

    assert [row["claim_id"] for row in results] == ["D", "E"]
    assert [row["claim_id"] for row in rejects] == ["B"]
    assert "连同退回 2 条：A、C" in rejects[0]["reason"]
    assert summary.refused_years == 1


def test_a_row_whose_year_nobody_can_read_takes_all_years_of_its_person() -> None:
    _, results, rejects, _ = run(
        text_of(
            {"claim_id": "A"},
            {"claim_id": "B", "sequence": "2", "service_date": "yesterday"},
            {"claim_id": "C", "service_date": "2022-03-01"},
            {"claim_id": "D", "person_id": "P2"},
        )
    )

    assert [row["claim_id"] for row in results] == ["D"]
    assert [row["line"] for row in rejects] == ["3"]


def test_a_claim_id_twice_refuses_both_person_years() -> None:
    _, results, rejects, _ = run(
        text_of({"claim_id": "A"}, {"claim_id": "A", "person_id": "P2"}, {"claim_id": "B", "person_id": "P3"})
    )

    assert [row["claim_id"] for row in results] == ["B"]
    assert [(row["line"], row["column"]) for row in rejects] == [("3", "claim_id")]
    assert "第 2 行" in rejects[0]["reason"]


def test_a_sequence_twice_refuses_the_person_year() -> None:
    _, results, rejects, _ = run(
        text_of({"claim_id": "A"}, {"claim_id": "B"}, {"claim_id": "C", "person_id": "P2", "sequence": "1"})
    )

    assert [row["claim_id"] for row in results] == ["C"]
    assert [(row["line"], row["column"]) for row in rejects] == [("3", "sequence")]


def test_a_row_with_several_faults_gives_a_line_for_each() -> None:
    _, _, rejects, _ = run(text_of({"care": "spa", "total": "x", "filing": "?"}))

    assert {row["column"] for row in rejects} == {"care", "total", "filing"}


def test_a_short_row_is_refused_and_empty_lines_are_passed_over() -> None:
    _, results, rejects, _ = run(text_of({}) + "\nC2,P2,1\n")

    assert [row["claim_id"] for row in results] == ["C1"]
    assert [(row["line"], row["claim_id"]) for row in rejects] == [("4", "C2")]


def test_a_reject_names_its_line_behind_empty_lines_and_cells_over_several_lines() -> None:
    text = text_of({"claim_id": "A"}) + "\n\n" + text_of({"claim_id": "B\nB", "person_id": "P2"}).split("\n", 1)[1]
    text += text_of({"claim_id": "C", "person_id": "P3", "care": "spa"}).split("\n", 1)[1]
    _, results, rejects, _ = run(text)

    assert [row["claim_id"] for row in results] == ["A", "B\nB"]
    assert [(row["line"], row["claim_id"]) for row in rejects] == [("7", "C")]


def test_the_size_of_a_chunk_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        {"claim_id": f"C{number}", "person_id": f"P{number // 3}", "sequence": str(number), "total": f"{number}.50"}
        for number in range(40)
    ]
    rows[7]["care"], rows[20]["claim_id"], rows[30]["sequence"] = "spa", "C3", "31"
    text = text_of(*rows[:15]) + "\n" + text_of(*rows[15:]).split("\n", 1)[1]
    whole = run(text)
    for size in (1, 2, 7):
        monkeypatch.setattr(adjudication_file, "CHUNK", size)
        monkeypatch.setattr(adjudication_results, "CHUNK", size)
        assert run(text) == whole


def test_a_claim_id_with_a_comma_is_quoted_and_comes_back_as_it_was() -> None:
    _, results, _, _ = run(text_of({"claim_id": 'a,"b"'}, {"claim_id": "c", "person_id": "P2"}))

    assert [row["claim_id"] for row in results] == ['a,"b"', "c"]


def test_blanks_around_a_value_do_not_count() -> None:
    _, results, rejects, _ = run(text_of({"claim_id": " C1 ", "care": " inpatient", "total": " 3,100.00 "}))

    assert (results[0]["claim_id"], results[0]["pooled"]) == ("C1", "2700.00")
    assert rejects == []


def test_further_columns_in_any_order_are_allowed() -> None:
    columns = (*reversed(COLUMNS), "remark")
    _, results, _, _ = run(text_of({}, columns=columns))

    assert results[0]["pooled"] == "2700.00"


def test_a_file_without_a_needed_column_is_refused_whole() -> None:
    with pytest.raises(BusinessError, match=r"filing.*file\.missing_column"):
        run(text_of({}, columns=tuple(column for column in COLUMNS if column != "filing")))
    with pytest.raises(BusinessError, match=r"file\.missing_column"):
        run("")


def adjudicate(folder: Path, *options: str, city: str = "mianyang", path: str = "") -> subprocess.CompletedProcess[str]:
    """The real command, with a database address that nothing answers."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "DATABASE_OWNER_URL": "", "REDIS_URL": ""}
    command = [sys.executable, "manage.py", "adjudicate", "--city", city, "--claims", str(folder / "claims.csv")]
    return subprocess.run(
        [*command, "--out", str(folder / "results.csv"), *options],
        cwd=ROOT,
        env={**os.environ, **nowhere, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_needs_no_database(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text("\ufeff" + text_of({}), encoding="utf-8")
    done = adjudicate(
        tmp_path, "--explain", str(tmp_path / "explain.jsonl"), "--rejects", str(tmp_path / "rejects.csv")
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "results.csv").read_text("utf-8").splitlines()[1] == (
        "C1,3100.00,0.00,100.00,2700.00,0.00,0.00,400.00"
    )
    assert (tmp_path / "rejects.csv").read_text("utf-8") == "line,claim_id,column,reason\n"
    assert json.loads((tmp_path / "explain.jsonl").read_text("utf-8"))["claim_id"] == "C1"


@pytest.mark.parametrize("city", list(people.HOMES))
def test_plain_and_fast_give_the_same_bytes(tmp_path: Path, city: str) -> None:
    chance = random.Random(8)
    rows = []
    for person in range(200):
        year = people.random_year(chance, city=city)
        rows += [
            {**_as_written(facts), "claim_id": f"{person}-{facts.sequence}", "person_id": f"P{person}"}
            for facts in year
        ]
    (tmp_path / "claims.csv").write_text(text_of(*rows), encoding="utf-8")
    written = {}
    for speed in ("--plain", "--fast"):
        done = adjudicate(tmp_path, speed, "--explain", str(tmp_path / "explain.jsonl"), city=city)
        assert (done.returncode, done.stderr) == (0, "")
        written[speed] = [(tmp_path / name).read_bytes() for name in ("results.csv", "explain.jsonl")]

    assert written["--plain"] == written["--fast"]
    assert len(written["--fast"][0].splitlines()) == len(rows) + 1


def _as_written(facts: ClaimFacts) -> dict[str, str]:
    """The facts of a claim as a file has them."""
    said = {name: str(value) for name, value in asdict(facts).items()}
    said |= {name: "yes" if getattr(facts, name) else "no" for name in ("registered_poor", "filing", "signed")}
    money = ("total", "excluded", "over_ceiling", "upfront_copay")
    return said | {name: format_yuan(getattr(facts, name)) for name in money}


def test_without_numba_fast_says_so_and_computes_the_same(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError('absent')")
    (tmp_path / "claims.csv").write_text(text_of({}), encoding="utf-8")
    done = adjudicate(tmp_path, "--fast", path=str(tmp_path))

    assert done.returncode == 0
    assert done.stderr == "没有安装 numba，不能编译计算。[claim.no_compiler]改为不编译计算，结果相同，只是较慢。\n"
    assert (tmp_path / "results.csv").read_text("utf-8").splitlines()[1].startswith("C1,3100.00,0.00,100.00,2700.00")


def test_bad_rows_and_cities_without_packs_end_with_exit_code_one_and_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "claims.csv").write_text(text_of({"care": "spa"}), encoding="utf-8")
    bad = adjudicate(tmp_path)
    other = adjudicate(tmp_path, city="chengdu")

    assert bad.returncode == 1
    assert "第 2 行 C1 care" in bad.stderr
    assert "[claim.rejected]" in bad.stderr
    assert other.returncode == 1
    assert "[policy.unknown_city]" in other.stderr
    assert len(other.stderr.strip().splitlines()) == 1

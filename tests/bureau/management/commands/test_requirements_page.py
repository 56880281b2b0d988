from __future__ import annotations

from pathlib import Path

from bureau.management.commands.requirements_page import Requirement, faults, page, read

ROOT = Path(__file__).resolve().parents[4]
ROWS = read(ROOT / "docs/requirements.csv")


def test_the_state_file_has_all_257_requirements_once_and_only_tests_that_exist():
    assert len(ROWS) == 257
    assert faults(ROWS, ROOT) == []


def test_the_page_is_what_the_state_file_says():
    assert (ROOT / "docs/requirements.md").read_text(encoding="utf-8") == page(ROWS)


def test_a_missing_a_doubled_and_an_unknown_id_are_named():
    rows = [row for row in ROWS if row.id != "YX-12"] + [ROWS[0], Requirement("QQ-01", "不知何处", "not yet", "")]
    assert faults(rows, ROOT) == ["YX-12 is missing", "QQ-01 is no requirement", "HZ-01 stands there 2 times"]


def test_a_claim_of_being_done_needs_a_test_that_exists():
    first, second, *rest = ROWS
    rows = [
        first._replace(state="done", test=""),
        second._replace(state="partly", test="tests/nowhere.py::test_nothing"),
        *rest,
    ]
    assert faults(rows, ROOT) == [
        "HZ-01 is done, with test “”",
        "HZ-02 names tests/nowhere.py::test_nothing, which is not there",
    ]

"""`docs/security*.md` answer every item of both standards, and whatever they name as shown by a test is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.conftest import CHECKOUT

DOCS = CHECKOUT / "docs"
PAGES = sorted(DOCS.glob("security*.md"))
PATH = re.compile(r"`(tests/[\w/]+\.py)`")
FILE = re.compile(r"`([\w./-]+\.(?:py|sql|md|yaml|html|js|toml|lock|conf))`")
NAME = re.compile(r"\b(Test[A-Z]\w+)|`(test_\w+)(…?)`|`(?:Test\w+ )?…(\w+)`")
VERDICTS = frozenset({"shown", "read", "none", "city", "not met"})

# How many items of levels 1 and 2 each section of ASVS 5.0.0 has, counted from 1; level 3 comes after them or between.
ASVS = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "10.1": "1-2", "10.2": "1-2", "10.3": "1-4", "10.4": "1-11", "10.5": "1-5", "10.6": "1-2", "10.7": "1-3",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
    "17.1": "1", "17.2": "1-4", "17.3": "1-2",
}  # fmt: skip
MLPS = "1abcd 2abcdefg 3abcd 4abcdef 5 6 7ab 8ab 9abc 10ab 11ab"


def test_every_path_exists() -> None:
    named = {path for page in PAGES for path in PATH.findall(page.read_text(encoding="utf-8"))}

    assert len(named) >= 25
    assert {path for path in named if not (CHECKOUT / path).is_file()} == set()


def test_every_class_and_function_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (CHECKOUT / "tests").rglob("test_*.py"))
    missing = []
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            for name, function, is_cut, end in NAME.findall(line):
                wanted = name or function or end
                pattern = rf"(class|def) {wanted}" if is_cut else rf"(class|def) \w*{wanted}\b"
                if not re.search(pattern, source):
                    missing.append(f"{page.name}: {wanted}")
    assert missing == []


def asvs_items() -> Iterator[str]:
    for section, span in ASVS.items():
        first, _, last = span.partition("-")
        yield from (f"{section}.{number}" for number in range(int(first), int(last or first) + 1))


def mlps_items() -> Iterator[str]:
    for word in MLPS.split():
        number = word.rstrip("abcdefg")
        yield from (
            (f"8.1.4.{number} {letter}" for letter in word[len(number) :]) if word != number else (f"8.1.4.{word}",)
        )


def rows(page: str) -> list[list[str]]:
    lines = (DOCS / page).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| ")]
    return [row for row in cells if row[0] != "item"]


@pytest.mark.parametrize(("page", "items"), [("security-asvs.md", asvs_items), ("security-mlps.md", mlps_items)])
def test_every_item_has_one_row_in_order(page, items) -> None:
    assert [row[0] for row in rows(page)] == list(items())


def test_there_are_as_many_items_as_the_standards_have() -> None:
    """70 of level 1 and 183 of level 2; thirty-four of 8.1.4."""
    assert len(list(asvs_items())) == 253
    assert len(list(mlps_items())) == 34


@pytest.mark.parametrize("page", ["security-asvs.md", "security-mlps.md"])
def test_every_verdict_is_borne_out(page: str) -> None:
    """What is shown names a test, what was read names a file that is there, anything else says why."""
    lacking = []
    for item, asked, verdict, why in rows(page):
        files = FILE.findall(why)
        if verdict == "shown":
            is_borne_out = any(path.startswith("tests/") for path in files)
        elif verdict == "read":
            is_borne_out = any((CHECKOUT / path).is_file() for path in files)
        else:
            is_borne_out = verdict in VERDICTS and len(why) >= 15
        if not is_borne_out or not asked:
            lacking.append(item)

    assert lacking == []
